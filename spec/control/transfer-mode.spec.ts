/** Checks the transfer mode of a session, and the events if the server lacks a mode. */
import { describe, expect, it } from 'vitest';
import type { FinalReply } from '../../lib/control/request.js';
import { profileOf } from '../../lib/control/server-profile.js';
import { ensureMode, type ModeUse, mayNeedMode } from '../../lib/control/transfer-mode.js';
import { FtpReplyError, FtpUsageError } from '../../lib/errors.js';
import { Features } from '../../lib/protocol/features.js';
import { createReply } from '../../lib/protocol/reply.js';
import { FakeSession } from '../data/support/fake-session.js';

const done: FinalReply = { outcome: 'completion', reply: createReply(200, ['Mode set.']) };
const refused: FinalReply = { outcome: 'refusal', reply: createReply(504, ['No.']) };
const download: ModeUse = { direction: 'download', start: 0, anyMode: false };
const upload: ModeUse = { direction: 'upload', start: 0, anyMode: false };

interface Given {
  readonly compression?: false | 'deflate';
  /** What `mode$` has set. */
  readonly asked?: string;
  readonly features?: readonly string[];
  readonly answer?: FakeSession['answer'];
  readonly greeting?: string;
}

/** A session whose `told` has what was sent. */
function given({ compression = 'deflate', asked, features = ['MODE Z'], answer, greeting = '' }: Given = {}) {
  const session = new FakeSession();
  session.settings = { ...session.settings, compression };
  Object.assign(session.user.applied, { mode: asked });
  Object.assign(session, { features: Features.of(features), profile: profileOf(greeting) });
  session.answer = answer ?? (() => done);
  return session;
}

describe('the mode', () => {
  it('needs no thought without the option, mode$ and a server that is in another one', () => {
    expect(mayNeedMode(given({ compression: false }).real)).toBe(false);
    expect(mayNeedMode(given().real)).toBe(true);
    expect(mayNeedMode(given({ compression: false, asked: 'S' }).real)).toBe(true);
    const left = given({ compression: false });
    left.server = { ...left.server, mode: 'Z' };
    expect(mayNeedMode(left.real)).toBe(true);
  });

  it.each([
    ['MODE Z'],
    ['mode z'],
    ['MODE S;B;C;Z'],
    ['MODE S Z'],
  ])('is Z where FEAT says %j, set once', async (feature) => {
    const session = given({ features: [feature] });
    for (const use of [download, download, upload]) await ensureMode(session.real, use);
    expect(session.told).toEqual(['MODE Z']);
    expect(session.server.mode).toBe('Z');
  });

  it.each([[[]], [['MODE S']], [['MODE']], [['MODEZ']]])('is S where FEAT says %j, told once', async (features) => {
    const session = given({ features });
    for (const use of [download, upload]) await ensureMode(session.real, use);
    expect(session.told).toEqual(['MODE S for MODE Z']);
  });

  it('is S where Z is refused, told once', async () => {
    const session = given({ answer: () => refused });
    for (const use of [download, upload]) await ensureMode(session.real, use);
    expect(session.told).toEqual(['MODE Z', 'MODE S for MODE Z']);
  });

  it('is S for uploads where the server inflates slowly, and Z for downloads', async () => {
    const session = given({ greeting: '220 ProFTPD Server' });
    for (const use of [download, upload, upload, download]) await ensureMode(session.real, use);
    expect(session.told).toEqual(['MODE Z', 'MODE S for MODE Z for uploads', 'MODE S', 'MODE Z']);
  });

  it('is S with REST, whose offset has no meaning in Z, but on a server that is known to give it one', async () => {
    const session = given();
    for (const start of [0, 5, 5, 0]) await ensureMode(session.real, { ...download, start });
    expect(session.told).toEqual(['MODE Z', 'MODE S for MODE Z with REST', 'MODE S', 'MODE Z']);
    const known = given({ greeting: '220 ProFTPD Server' });
    for (const start of [0, 5]) await ensureMode(known.real, { ...download, start });
    expect(known.told).toEqual(['MODE Z']);
  });

  it('waits for FEAT behind a login', async () => {
    const session = given({ features: [] });
    session.settled = Promise.resolve().then(() => void Object.assign(session, { features: Features.of(['MODE Z']) }));
    await ensureMode(session.real, download);
    expect(session.told).toEqual(['MODE Z']);
  });

  it.each(['S', 'Z'])('is what mode$ has set, %s, whatever the option and FEAT say', async (asked) => {
    for (const compression of [false, 'deflate'] as const) {
      const session = given({ compression, asked, features: [], greeting: '220 ProFTPD' });
      session.server = { ...session.server, mode: 'B' };
      for (const use of [download, upload]) await ensureMode(session.real, use);
      expect(session.told).toEqual([`MODE ${asked}`]);
    }
  });

  it('is refused to mode$ by an error', async () => {
    const session = given({ asked: 'Z', answer: () => refused });
    await expect(ensureMode(session.real, download)).rejects.toThrow(FtpReplyError);
  });

  it('that this library does not read is a usage error, but for a transfer that needs no reading', async () => {
    const session = given({ asked: 'B' });
    await expect(ensureMode(session.real, download)).rejects.toThrow(FtpUsageError);
    expect(session.told).toEqual([]);
    await ensureMode(session.real, { ...download, anyMode: true });
    expect(session.told).toEqual(['MODE B']);
  });

  it('that is in doubt, or was left behind, is set anew', async () => {
    const session = given({ compression: false });
    session.server = { ...session.server, mode: 'in doubt' };
    await ensureMode(session.real, download);
    expect(session.told).toEqual(['MODE S']);
  });
});

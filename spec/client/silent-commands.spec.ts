/** Servers that leave an optional command without any answer: a client pays with one timeout, and goes on without it. */
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { FtpTimeoutError } from '../../lib/index.js';
import { observe } from '../support/observe.js';
import { type ScriptedServer, scriptedServer } from '../support/scripted-server.js';
import { surprisesOf } from '../support/surprises.js';
import { clientOf, sessionOf } from './support/open.js';

const files = { '/a': 'content of a', '/b': 'content of b' };
const replyTimeoutMs = 150;
const sent = (server: ScriptedServer, verb: string): number =>
  server.commands.filter((line) => line.split(' ')[0] === verb).length;

describe('EPSV without any answer', () => {
  it('costs a download one timeout: it starts once more, on a new session, by PASV', async () => {
    await using server = await scriptedServer({ files });
    server.answer('EPSV');
    await using ftp = clientOf(server, { replyTimeoutMs });
    const events = observe(surprisesOf(ftp.events$));
    for (const path of ['/a', '/b']) {
      expect(Buffer.concat(await observe(ftp.retr$(path)).settled).toString()).toBe(`content of ${path[1]}`);
    }
    expect([sent(server, 'EPSV'), sent(server, 'PASV'), sent(server, 'RETR'), server.sessions.length]).toEqual([
      1, 2, 2, 2,
    ]);
    expect(events.values).toMatchObject([{ type: 'fallback', what: 'EPSV', to: 'PASV' }]);
    events.unsubscribe();
  });

  it('is no answer from a connection that is dead: EPSV was answered before, and is asked again on the next one', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server, { replyTimeoutMs });
    const events = observe(surprisesOf(ftp.events$));
    await observe(ftp.retr$('/a')).settled;
    server.once('EPSV', () => {});
    for (let round = 0; round < 2; round += 1) {
      expect(Buffer.concat(await observe(ftp.retr$('/b')).settled).toString()).toBe('content of b');
    }
    expect([sent(server, 'PASV'), server.sessions.length]).toEqual([0, 2]);
    expect(events.values).toEqual([]);
    events.unsubscribe();
  });

  it('costs an upload one timeout too, also from a source that can be read once', async () => {
    await using server = await scriptedServer();
    server.answer('EPSV');
    await using ftp = clientOf(server, { replyTimeoutMs });
    expect(await observe(ftp.stor$('/up', Readable.from(['some ', 'text']))).ended).toBe('complete');
    expect(server.tree.text('/up')).toBe('some text');
    expect(sent(server, 'STOR')).toBe(1);
  });

  it('costs no other operation anything, and keeps their order', async () => {
    await using server = await scriptedServer({ files });
    server.answer('EPSV');
    await using ftp = clientOf(server, { replyTimeoutMs });
    const ends: string[] = [];
    const all = [observe(ftp.retr$('/a')), observe(ftp.dele$('/a')), observe(ftp.pwd$())];
    await Promise.all(all.map(async ({ ended }, index) => ends.push(`${index} ${await ended}`)));
    expect(ends).toEqual(['0 complete', '1 complete', '2 complete']);
  });

  it('is left by unsubscribing: nothing is started again', async () => {
    await using server = await scriptedServer({ files });
    server.answer('EPSV');
    await using ftp = clientOf(server, { replyTimeoutMs });
    const download = observe(ftp.retr$('/a'));
    await server.received('EPSV');
    download.unsubscribe();
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
    expect(sent(server, 'RETR')).toBe(0);
  });

  it('is an error for a session of its own, which is lost, and for a client that may not use PASV', async () => {
    await using server = await scriptedServer({ files });
    server.answer('EPSV');
    await using open = await sessionOf(server, { replyTimeoutMs });
    const error = await observe(open.ftp.retr$('/a')).failed;
    expect(error).toBeInstanceOf(FtpTimeoutError);
    expect(error).toMatchObject({ command: 'EPSV', outcome: 'none' });
    await using ftp = clientOf(server, { replyTimeoutMs, mode: 'epsv' });
    expect(await observe(ftp.retr$('/a')).failed).toBeInstanceOf(FtpTimeoutError);
  });
});

describe.each(['FEAT', 'OPTS'])('%s without any answer', (verb) => {
  it('costs one timeout: the login begins again without it, once for a client', async () => {
    await using server = await scriptedServer({ files });
    server.answer(verb);
    await using ftp = clientOf(server, { replyTimeoutMs, maxSessions: 2 });
    const events = observe(surprisesOf(ftp.events$));
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
    await Promise.all([observe(ftp.retr$('/a')).settled, observe(ftp.retr$('/b')).settled]);
    expect(sent(server, verb)).toBe(1);
    expect(events.values).toMatchObject([
      { type: 'fallback', what: verb === 'OPTS' ? 'OPTS UTF8' : 'FEAT', session: 0 },
    ]);
    events.unsubscribe();
  });

  it('costs connect$ one timeout too', async () => {
    await using server = await scriptedServer({ files });
    server.answer(verb);
    await using open = await sessionOf(server, { replyTimeoutMs });
    expect(await observe(open.ftp.pwd$()).settled).toEqual(['/']);
    expect(server.sessions).toHaveLength(2);
  });
});

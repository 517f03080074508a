/** Parts of larger work: no session is kept from its transfers for them. */
import { from, of, skip, take } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  holdDrain,
  partsOf,
  type ShortOperations,
  sessionLimit,
  sharingParts,
  undoing,
} from '../../lib/client/parts.js';
import { bindGate } from '../../lib/streams/flow.js';
import { Gate } from '../../lib/streams/gate.js';
import { type Observation, observe } from '../support/observe.js';
import { type ScriptedServer, scriptedServer } from '../support/scripted-server.js';
import { clientOf, sessionOf } from './support/open.js';
import { aWhile, fakeTimers } from './support/waits.js';

const files = { '/a': 'first', '/b': 'second', '/dir/x': 'in it' };

/** How many RETR are sent, none of which is answered before the spec lets go. */
function heldDownloads(server: ScriptedServer): { readonly sent: () => number; readonly go: () => void } {
  const waiting: (() => void)[] = [];
  let sent = 0;
  server.on('RETR', async (_session, _argument, command) => {
    sent += 1;
    await new Promise<void>((resolve) => waiting.push(resolve));
    await command.byDefault();
  });
  return { sent: () => sent, go: () => waiting.splice(0).map((resolve) => resolve()) };
}

describe('a client with two sessions', () => {
  it.each([
    ['a user asked for a command', false, 1],
    ['a part was asked for', true, 2],
  ] as const)('gives transfers its sessions after %s', async (_what, isPart, most) => {
    await using server = await scriptedServer({ greeting: '220 ProFTPD Server', files });
    const held = heldDownloads(server);
    fakeTimers();
    await using ftp = clientOf(server, { maxSessions: 2 });
    const short = isPart ? partsOf(ftp) : ftp;
    expect(await observe(short.size$('/a')).settled).toEqual([5]);
    expect(await observe(short.entries$('/dir')).settled).toHaveLength(1);
    const downloads = ['/a', '/b'].map((path) => observe(ftp.retr$(path)));
    await server.received('RETR', most);
    await aWhile();
    expect(held.sent()).toBe(most);
    held.go();
    await server.received('RETR', 2);
    await aWhile();
    held.go();
    for (const { settled } of downloads) await settled;
  });

  it('keeps one for the command of a user, whatever parts are asked for beside it', async () => {
    await using server = await scriptedServer({ greeting: '220 ProFTPD Server', files });
    const held = heldDownloads(server);
    fakeTimers();
    await using ftp = clientOf(server, { maxSessions: 2 });
    await observe(ftp.size$('/a')).settled;
    await observe(partsOf(ftp).size$('/a')).settled;
    const downloads = ['/a', '/b'].map((path) => observe(ftp.retr$(path)));
    await server.received('RETR', 1);
    await aWhile();
    expect(held.sent()).toBe(1);
    held.go();
    await server.received('RETR', 2);
    await aWhile();
    held.go();
    for (const { settled } of downloads) await settled;
  });
});

describe('partsOf', () => {
  it('leaves what knows no parts as it is', () => {
    const fake = { size$: () => of(1) } as unknown as ShortOperations;
    expect(partsOf(fake)).toBe(fake);
  });

  it('asks for nothing before it is subscribed, passes errors on, and can be held and left', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    const parts = partsOf(ftp);
    const size$ = parts.size$('/none');
    expect(server.commands).toEqual([]);
    expect(await observe(size$).failed).toMatchObject({ command: 'SIZE /none' });
    const gate = new Gate();
    expect(await observe(from(bindGate(parts.entries$('/dir'), gate))).settled).toHaveLength(1);
    const left = observe(parts.size$('/a'));
    left.unsubscribe();
    expect(await observe(parts.size$('/a')).settled).toEqual([5]);
    expect(server.commands.filter((line) => line === 'SIZE /a')).toHaveLength(1);
  });
});

describe('larger work of a client or a session that drains', () => {
  it.each(['client', 'session'] as const)('is waited for, and may undo what it has done: %s', async (whose) => {
    await using server = await scriptedServer({ files });
    await using session = await sessionOf(server);
    await using client = clientOf(server);
    const ftp = whose === 'client' ? client : session.ftp;
    const end = holdDrain(ftp);
    const closing = observe(ftp.close$({ drain: true }));
    await aWhile();
    expect(closing.end).toBeUndefined();
    expect(await observe(ftp.dele$('/a')).failed).toMatchObject({ code: 'ERR_FTP_USAGE' });
    const { dele$ } = undoing(sharingParts(ftp, { dele$: ftp.dele$.bind(ftp) }));
    expect(await observe(dele$('/a')).settled).toMatchObject([{ code: 250 }]);
    end();
    expect(await closing.settled).toEqual([undefined]);
    expect(await observe(dele$('/b')).failed).toMatchObject({ outcome: 'none' });
    expect(server.commands).not.toContain('DELE /b');
  });

  it.each(['client', 'session'] as const)('admits nothing that a user asks for at a new state: %s', async (whose) => {
    await using server = await scriptedServer({ files });
    await using session = await sessionOf(server);
    await using client = clientOf(server);
    const ftp = whose === 'client' ? client : session.ftp;
    await observe(ftp.size$('/a')).settled;
    await aWhile();
    const end = holdDrain(ftp);
    const closing = observe(ftp.close$({ drain: true }));
    const asked: Observation<number>[] = [];
    const states = ftp.state$.pipe(skip(1), take(1)).subscribe(() => asked.push(observe(ftp.size$('/b'))));
    expect(await observe(undoing(ftp).dele$('/a')).settled).toMatchObject([{ code: 250 }]);
    end();
    await closing.settled;
    states.unsubscribe();
    expect(asked.map(({ error }) => error)).toMatchObject([{ code: 'ERR_FTP_USAGE' }]);
    expect(server.commands).not.toContain('SIZE /b');
  });

  it('is the affair of anything else that takes its place', () => {
    const fake = { size$: () => of(1) } as unknown as ShortOperations;
    holdDrain(fake)();
    expect(undoing(fake)).toBe(fake);
    expect(sharingParts({}, fake)).toBe(fake);
  });
});

describe('sessionLimit', () => {
  it('is that of a client, one of a session, and unknown of anything else', async () => {
    await using server = await scriptedServer({ files });
    await using one = clientOf(server);
    await using three = clientOf(server, { maxSessions: 3 });
    await using session = await sessionOf(server);
    const limits = [one, three, session.ftp, {}].map(sessionLimit);
    expect(limits).toEqual([1, 3, 1, Number.POSITIVE_INFINITY]);
  });
});

/** Copies within one client that begin on all of its sessions at the same moment. */
import { defer, from, lastValueFrom, merge, mergeMap, NEVER, of, Subject, take, tap, toArray } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import {
  type FeedingWork,
  type StarvedSessions,
  starvation,
  starvedError,
  type UploadingSession,
} from '../../lib/client/starved-uploads.js';
import type { FtpClient, TransferProgress } from '../../lib/index.js';
import { type Observation, observe } from '../support/observe.js';
import { type ScriptedServer, scriptedServer } from '../support/scripted-server.js';
import { clientOf } from './support/open.js';
import { aWhile, fakeTimers, pass } from './support/waits.js';

const greeting = '220 ProFTPD Server';
const files = { '/a': 'first', '/b': 'second', '/c': 'third' };

describe('uploads are starved', () => {
  const one: UploadingSession = { heldMs: 1_000 };
  const other: UploadingSession = { heldMs: 2_000 };
  const brief = { heldMs: 400 };
  const busy = { heldMs: undefined };
  const both = new Set([one, other]);
  const forOne = { order: 1, feeds: one };
  const forOther = { order: 3, feeds: other };
  const NEVER = { at: Number.POSITIVE_INFINITY };

  it.each<[string, readonly FeedingWork[], StarvedSessions]>([
    ['a session may be opened', [forOne, forOther], { open: both, mayGrow: true }],
    ['a session has other work', [forOne, forOther], { open: new Set([one, other, busy]), mayGrow: false }],
    ['an upload waits for something else', [forOne], { open: both, mayGrow: false }],
    ['there is one session', [forOne], { open: new Set([one]), mayGrow: false }],
    ['there is none', [], { open: new Set(), mayGrow: false }],
  ])('not where %s', (_what, feeding, sessions) => {
    expect(starvation(new Set(feeding), sessions, 5)).toEqual(NEVER);
  });

  it('where each session has work that waits: the last of all gives way', () => {
    const feeding = new Set([forOther, forOne, { order: 2, feeds: one }]);
    expect(starvation(feeding, { open: both, mayGrow: false }, 5)).toEqual({ at: 1_005, work: forOther });
  });

  it.each([
    ['after a second, not before', brief, 605],
    ['not while a source gives something; that may be all it has', busy, 1_005],
  ])('%s', (_what, session, at) => {
    const sessions = { open: new Set([one, session]), mayGrow: false };
    expect(starvation(new Set([forOne, { order: 2, feeds: session }]), sessions, 5)).toEqual({ at });
  });

  it('by an error that names the way out', () => {
    expect(starvedError(3)).toMatchObject({ code: 'ERR_FTP_USAGE', outcome: 'none', transient: false });
    expect(starvedError(3).message).toMatch(/all 3 sessions .* maxSessions/);
  });
});

function copy(ftp: FtpClient, name: string): Observation<TransferProgress> {
  return observe(ftp.stor$(`/copy-of-${name}`, ftp.retr$(`/${name}`)));
}

/** Two sessions, both idle. Nothing but transfers was asked for: none is kept for commands. */
async function twoSessions(server: ScriptedServer): Promise<FtpClient> {
  const both = server.received('RETR', 2);
  server.on('RETR', async (_session, _argument, { byDefault }) => {
    await both;
    await byDefault();
  });
  fakeTimers();
  const ftp = clientOf(server, { maxSessions: 2, replyTimeoutMs: 0x7fffffff });
  const downloads = [observe(ftp.retr$('/a')), observe(ftp.retr$('/b'))];
  for (const { settled } of downloads) await settled;
  return ftp;
}

describe('copies on all sessions at the same moment', () => {
  it('end by an error after a second, but for those that then have a session to read by', async () => {
    await using server = await scriptedServer({ greeting, files });
    const ftp = await twoSessions(server);
    const [first, second, third] = ['a', 'b', 'c'].map((name) => copy(ftp, name)) as [
      Observation<TransferProgress>,
      Observation<TransferProgress>,
      Observation<TransferProgress>,
    ];
    await server.received('STOR', 2);
    await aWhile();
    await pass(999);
    expect([first.end, second.end]).toEqual([undefined, undefined]);
    // The abort has limits of its own.
    for (let round = 0; round < 5 && third.end === undefined; round += 1) await pass(1_000);
    expect(await second.failed).toMatchObject({ code: 'ERR_FTP_USAGE', outcome: 'none' });
    await first.settled;
    await third.settled;
    expect([server.tree.text('/copy-of-a'), server.tree.text('/copy-of-c')]).toEqual(['first', 'third']);
    await observe(ftp.close$()).settled;
    expect(vi.getTimerCount()).toBe(0);
  });

  it('all succeed where fewer run at once than there are sessions', async () => {
    await using server = await scriptedServer({ greeting, files });
    await using ftp = clientOf(server, { maxSessions: 2 });
    const copies$ = from(['a', 'b', 'c']).pipe(
      mergeMap((name) => ftp.stor$(`/copy-of-${name}`, ftp.retr$(`/${name}`)), 1),
    );
    await lastValueFrom(copies$.pipe(toArray()));
    expect(['a', 'b', 'c'].map((name) => server.tree.text(`/copy-of-${name}`))).toEqual(['first', 'second', 'third']);
  });

  it('are no error where one of them is left in time', async () => {
    await using server = await scriptedServer({ greeting, files });
    const ftp = await twoSessions(server);
    const source = (name: string) =>
      merge(
        of(Buffer.from('own')),
        defer(() => ftp.retr$(`/${name}`)),
      );
    const held = copy(ftp, 'a');
    const later = observe(ftp.stor$('/late', merge(source('b'), NEVER)));
    await server.received('STOR', 2);
    await aWhile();
    later.unsubscribe();
    await pass(1_000);
    await held.settled;
    expect(server.tree.text('/copy-of-a')).toBe('first');
    await observe(ftp.close$()).settled;
  });

  it('end by an error too where the sources give bytes of their own at first', async () => {
    await using server = await scriptedServer({ greeting, files });
    const ftp = await twoSessions(server);
    const own$ = new Subject<string>();
    const source = (name: string) => merge(own$.pipe(take(2)), ftp.retr$(`/${name}`));
    const [first, second] = ['a', 'b'].map((name) => observe(ftp.stor$(`/copy-of-${name}`, source(name)))) as [
      Observation<TransferProgress>,
      Observation<TransferProgress>,
    ];
    await server.received('STOR', 2);
    await aWhile();
    for (const own of ['0', '1']) {
      await pass(900);
      own$.next(own);
      await aWhile();
    }
    await pass(999);
    expect([first.end, second.end]).toEqual([undefined, undefined]);
    for (let round = 0; round < 5 && second.end === undefined; round += 1) await pass(1_000);
    expect(await second.failed).toMatchObject({ code: 'ERR_FTP_USAGE', outcome: 'none' });
    await first.settled;
    expect(server.tree.text('/copy-of-a')).toBe('01first');
    await observe(ftp.close$()).settled;
    expect(vi.getTimerCount()).toBe(0);
  });

  it('leave no timer where the client is closed at that error', async () => {
    await using server = await scriptedServer({ greeting, files });
    const ftp = await twoSessions(server);
    const closed = { end: undefined as Observation<unknown> | undefined };
    const source = (name: string) =>
      ftp.retr$(`/${name}`).pipe(tap({ error: () => (closed.end ??= observe<unknown>(ftp.close$())) }));
    const both = ['a', 'b'].map((name) => observe(ftp.stor$(`/copy-of-${name}`, source(name))));
    await server.received('STOR', 2);
    await aWhile();
    for (let round = 0; round < 9 && closed.end?.end === undefined; round += 1) await pass(1_000);
    for (const { failed } of both) await failed;
    await closed.end?.settled;
    expect(vi.getTimerCount()).toBe(0);
  });
});

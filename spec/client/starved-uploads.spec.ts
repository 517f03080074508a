/** Copies within one client that begin on all of its sessions at the same moment. */
import { defer, delay, from, lastValueFrom, merge, mergeMap, of, toArray } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { type FeedingWork, type StarvedSessions, starvation, starvedError } from '../../lib/client/starved-uploads.js';
import type { FtpClient, TransferProgress } from '../../lib/index.js';
import { type Observation, observe } from '../support/observe.js';
import { type ScriptedServer, scriptedServer } from '../support/scripted-server.js';
import { clientOf } from './support/open.js';
import { aWhile, fakeTimers, pass } from './support/waits.js';

const greeting = '220 ProFTPD Server';
const files = { '/a': 'first', '/b': 'second', '/c': 'third' };

describe('uploads are starved', () => {
  const [one, other] = [{ isHeldFor: () => true }, { isHeldFor: () => true }];
  const brief = { isHeldFor: (ms: number) => ms === 0 };
  const busy = { isHeldFor: () => false };
  const both = new Set([one, other]);
  const none: FeedingWork = { feeds: undefined };
  const [forOne, forOther] = [{ feeds: one }, { feeds: other }];
  const NEVER = { at: Number.POSITIVE_INFINITY };

  it.each<[string, readonly FeedingWork[], StarvedSessions]>([
    ['a session may be opened', [forOne, forOther], { open: both, mayGrow: true }],
    ['a session has other work', [forOne, forOther], { open: new Set([one, other, busy]), mayGrow: false }],
    ['an upload waits for something else', [forOne, none], { open: both, mayGrow: false }],
    ['there is one session', [forOne], { open: new Set([one]), mayGrow: false }],
    ['there is none', [], { open: new Set(), mayGrow: false }],
  ])('not where %s', (_what, waiting, sessions) => {
    expect(starvation(() => waiting, sessions, 5)).toEqual(NEVER);
  });

  it('where each session has one that waits: the last work for one gives way', () => {
    const waiting = [none, forOne, forOther, none];
    expect(starvation(() => waiting, { open: both, mayGrow: false }, 5)).toEqual({ ...NEVER, work: forOther });
  });

  it('after a second, not before', () => {
    const sessions = { open: new Set([one, brief]), mayGrow: false };
    expect(starvation(() => [forOne, { feeds: brief }], sessions, 5)).toEqual({ at: 1_005 });
  });

  it('does not look at the waiting work while a session moves', () => {
    const look = vi.fn(() => []);
    starvation(look, { open: new Set([one, busy]), mayGrow: false }, 0);
    expect(look).not.toHaveBeenCalled();
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

  it('are no error where a source has other bytes in time', async () => {
    await using server = await scriptedServer({ greeting, files });
    const ftp = await twoSessions(server);
    const source = (name: string) =>
      merge(
        of(Buffer.from('own')),
        defer(() => ftp.retr$(`/${name}`)),
      );
    const held = copy(ftp, 'a');
    const later = observe(ftp.stor$('/late', merge(source('b'), of(Buffer.from('x')).pipe(delay(500)))));
    await server.received('STOR', 2);
    await aWhile();
    later.unsubscribe();
    await pass(1_000);
    await held.settled;
    expect(server.tree.text('/copy-of-a')).toBe('first');
    await observe(ftp.close$()).settled;
  });
});

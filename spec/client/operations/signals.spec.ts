/** `signal` on every operation that takes options: cancelling with an error, the signal's reason. */
import type { Observable } from 'rxjs';
import { concatMap, switchMap } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { FtpClient, type FtpOperations, FtpUsageError, paced } from '../../../lib/index.js';
import { observe } from '../../support/observe.js';
import { type ScriptedServer, type Session, scriptedServer } from '../../support/scripted-server.js';
import { clientOf } from '../support/open.js';

const reason = new Error('we go home');

type Call = (ftp: FtpOperations, signal: AbortSignal) => Observable<unknown>;

/** Chunks for as long as they are asked for. */
async function* endless(): AsyncGenerator<Uint8Array> {
  for (;;) yield new Uint8Array(64 * 1024);
}

const operations: readonly [name: string, verb: string, call: Call][] = [
  ['retr$', 'RETR', (ftp, signal) => ftp.retr$('/big', { signal })],
  ['stor$', 'STOR', (ftp, signal) => ftp.stor$('/new', endless(), { signal })],
  ['appe$', 'APPE', (ftp, signal) => ftp.appe$('/new', endless(), { signal })],
  ['stou$', 'STOU', (ftp, signal) => ftp.stou$(endless(), undefined, { signal })],
  ['list$', 'LIST', (ftp, signal) => ftp.list$('/', { signal })],
  ['nlst$', 'NLST', (ftp, signal) => ftp.nlst$('/', { signal })],
  ['mlsd$', 'MLSD', (ftp, signal) => ftp.mlsd$('/', { signal })],
  ['entries$', 'MLSD', (ftp, signal) => ftp.entries$('/', { signal })],
  ['exchange$', 'NOOP', (ftp, signal) => ftp.exchange$('NOOP', { expect: 2, signal })],
  ['transfer$', 'RETR', (ftp, signal) => ftp.transfer$('RETR /big', { signal }).pipe(concatMap(({ bytes }) => bytes))],
];

/** One command each, whose reply the spec withholds. */
const commands: readonly [name: string, verb: string, call: Call][] = [
  ['retrLines$', 'RETR', (ftp, signal) => ftp.retrLines$('/big', { signal })],
  ['storLines$', 'STOR', (ftp, signal) => ftp.storLines$('/new', ['x'], { signal })],
  ['mlst$', 'MLST', (ftp, signal) => ftp.mlst$('/', { signal })],
  ['cwd$', 'CWD', (ftp, signal) => ftp.cwd$('/', { signal })],
  ['cdup$', 'CDUP', (ftp, signal) => ftp.cdup$({ signal })],
  ['mkd$', 'MKD', (ftp, signal) => ftp.mkd$('/new', { signal })],
  ['rmd$', 'RMD', (ftp, signal) => ftp.rmd$('/new', { signal })],
  ['dele$', 'DELE', (ftp, signal) => ftp.dele$('/new', { signal })],
  ['rename$', 'RNFR', (ftp, signal) => ftp.rename$('/big', '/new', { signal })],
  ['size$', 'SIZE', (ftp, signal) => ftp.size$('/big', { signal })],
  ['mdtm$', 'MDTM', (ftp, signal) => ftp.mdtm$('/big', { signal })],
  ['mfmt$', 'MFMT', (ftp, signal) => ftp.mfmt$('/big', new Date(0), { signal })],
  ['chmod$', 'SITE', (ftp, signal) => ftp.chmod$('/big', 0o644, { signal })],
  ['lookup$', 'MLST', (ftp, signal) => ftp.lookup$('/big', { signal })],
  ['avbl$', 'AVBL', (ftp, signal) => ftp.avbl$('/', { signal })],
  ['feat$', 'FEAT', (ftp, signal) => ftp.feat$({ signal })],
  ['opts$', 'OPTS', (ftp, signal) => ftp.opts$('UTF8', 'ON', { signal })],
  ['syst$', 'SYST', (ftp, signal) => ftp.syst$({ signal })],
  ['stat$', 'STAT', (ftp, signal) => ftp.stat$(undefined, { signal })],
  ['site$', 'SITE', (ftp, signal) => ftp.site$('WHO', { signal })],
  ['noop$', 'NOOP', (ftp, signal) => ftp.noop$({ signal })],
  ['acct$', 'ACCT', (ftp, signal) => ftp.acct$('me', { signal })],
  ['allo$', 'ALLO', (ftp, signal) => ftp.allo$(1, undefined, { signal })],
  ['smnt$', 'SMNT', (ftp, signal) => ftp.smnt$('/', { signal })],
  ['type$', 'TYPE', (ftp, signal) => ftp.type$('A', { signal })],
  ['mode$', 'MODE', (ftp, signal) => ftp.mode$('S', { signal })],
  ['send$', 'STAT', (ftp, signal) => ftp.send$('STAT', { signal })],
  ['abor$', 'ABOR', (ftp, signal) => ftp.abor$({ signal })],
];

/** Replies of transfers come, their data does not end; NOOP is answered when the spec lets it. */
function holdEverything(server: ScriptedServer): void {
  const hold = async (session: Session): Promise<void> => {
    await session.reply('150 Here it comes.');
    await session.sendData('', { end: 'open' });
  };
  for (const verb of ['LIST', 'NLST', 'MLSD']) server.on(verb, hold);
  server.once('NOOP', () => undefined);
}

describe('the signal of an operation', () => {
  it.each(operations)('ends %s under way at once, with its reason', async (_name, verb, call) => {
    await using server = await scriptedServer({ files: { '/big': Buffer.alloc(8_000_000) } });
    holdEverything(server);
    await using ftp = clientOf(server, { abortTimeoutMs: 100 });
    const aborting = new AbortController();
    const running = observe(call(ftp, aborting.signal));
    await server.received(verb);
    aborting.abort(reason);
    expect([running.end, running.error]).toEqual(['error', reason]);
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
  });

  it.each(operations)('keeps %s from being sent when it aborts before its turn', async (_name, verb, call) => {
    await using server = await scriptedServer();
    server.once('HELP', () => undefined);
    await using ftp = clientOf(server, { abortTimeoutMs: 20 });
    const before = observe(ftp.help$());
    await server.received('HELP');
    const aborting = new AbortController();
    const waiting = observe(call(ftp, aborting.signal));
    aborting.abort(reason);
    expect([waiting.end, waiting.error]).toEqual(['error', reason]);
    expect(await observe(call(ftp, aborting.signal)).failed).toBe(reason);
    before.unsubscribe();
    await observe(ftp.pwd$()).settled;
    expect(server.commands.some((line) => line.startsWith(verb))).toBe(false);
  });

  it.each(operations)('is refused by %s where it is none, with nothing connected', async (_name, _verb, call) => {
    const connector = async (): Promise<never> => {
      throw new Error('connected');
    };
    await using ftp = new FtpClient({ host: 'ftp.example.com', connector });
    for (const signal of ['abort', {}, null, 5]) {
      expect(await observe(call(ftp, signal as never)).failed).toBeInstanceOf(FtpUsageError);
    }
  });

  it.each(commands)('ends %s at once while its reply is not in, with its reason', async (_name, verb, call) => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server, { abortTimeoutMs: 50 });
    await observe(ftp.pwd$()).settled;
    const before = server.commands.filter((line) => line.startsWith(verb)).length;
    server.once(verb, () => undefined);
    const aborting = new AbortController();
    const running = observe(call(ftp, aborting.signal));
    await server.received(verb, before + 1);
    aborting.abort(reason);
    expect([running.end, running.error]).toEqual(['error', reason]);
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
  });

  it.each(commands)('keeps %s from being sent when it has aborted', async (_name, verb, call) => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    await observe(ftp.pwd$()).settled;
    const before = server.commands.length;
    expect(await observe(call(ftp, AbortSignal.abort(reason))).failed).toBe(reason);
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
    expect(server.commands.slice(before).filter((line) => line.startsWith(verb))).toEqual([]);
  });

  it.each(commands)('is refused by %s where it is none, or beside an option that there is not', async (...row) => {
    const [, , call] = row;
    const connector = async (): Promise<never> => {
      throw new Error('connected');
    };
    await using ftp = new FtpClient({ host: 'ftp.example.com', connector });
    for (const signal of ['abort', {}, null, 5]) {
      expect(await observe(call(ftp, signal as never)).failed).toBeInstanceOf(FtpUsageError);
    }
  });

  it('ends the bytes of transfer$ that are subscribed after it was left', async () => {
    await using server = await scriptedServer({ files: { '/big': Buffer.alloc(8_000_000) } });
    await using ftp = clientOf(server);
    const aborting = new AbortController();
    const transfer = observe(ftp.transfer$('RETR /big', { signal: aborting.signal }));
    const bytes = observe((await transfer.nth(1)).bytes);
    transfer.unsubscribe();
    await bytes.nth(1);
    aborting.abort(reason);
    expect([bytes.end, bytes.error]).toEqual(['error', reason]);
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
  });

  it('is not listened to any more after the end', async () => {
    await using server = await scriptedServer({ files: { '/a': 'x' } });
    await using ftp = clientOf(server);
    const aborting = new AbortController();
    const { signal } = aborting;
    await observe(ftp.entries$('/', { signal })).settled;
    const whole$ = ftp.transfer$('RETR /a', { signal }).pipe(switchMap(({ bytes }) => bytes));
    await observe(whole$).settled;
    await observe(ftp.exchange$('NOOP', { expect: 2, signal })).settled;
    await observe(ftp.appe$('/a', 'y', { signal })).settled;
    aborting.abort(reason);
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
  });

  it('leaves a listing what holds it back', async () => {
    const files = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`/dir/${index}`, 'x']));
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    const { signal } = new AbortController();
    const sizes$ = ftp.entries$('/dir', { signal }).pipe(paced(({ name }) => ftp.size$(`/dir/${name}`)));
    expect(await observe(sizes$).settled).toHaveLength(50);
  });
});

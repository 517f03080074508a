/**
 * Aborts transfers again and again at random moments, and holds every answer that follows against what it must be.
 *
 * Right after each abort, in the same tick, a command is subscribed whose answer is known; every tenth time a whole file
 * is downloaded and its SHA-256 compared. A wrong answer or a hang is a fault; a session that was given up is a loss.
 * The seed makes a storm again, as far as the server and the clock play along: random waits are what it is about, which
 * is why timers are allowed here.
 */
import { createHash } from 'node:crypto';
import { lastValueFrom, type Observable, type Subscription, timeout } from 'rxjs';
import type { FtpOperations } from '../../lib/client/ftp-operations.js';
import { FtpReplyError } from '../../lib/errors.js';
import type { InteropServer } from './interop/interop-server.js';
import type { Random } from './random.js';
import type { StormHost } from './storm/storm-host.js';
import { known, type StormTree } from './storm/storm-tree.js';
import { extent, stored, type VictimKind, victim, victimKinds } from './storm/victim.js';

const moments = [
  'at once',
  'before the preliminary reply',
  'after the preliminary reply',
  'after some data',
  'after a while',
  'at the end of the data',
  'at the final reply',
  'after completion',
] as const;
type Moment = (typeof moments)[number];

/** No step may take longer: it would be a hang. */
const stepBoundMs = 20_000;
const longestWaitMs = 80;

export interface StormOptions {
  readonly server: InteropServer;
  readonly host: StormHost;
  readonly tree: StormTree;
  readonly random: Random;
  readonly aborts: number;
}

export interface StormReport {
  readonly aborts: number;
  /** Aborts that came before the transfer was over. */
  readonly struck: number;
  readonly downloads: number;
  /** Wrong answers and hangs, each with its round and the end of the dialogue. */
  readonly faults: readonly string[];
  /** From an abort to the checked answer, in milliseconds. */
  readonly answerMs: { readonly median: number; readonly longest: number };
}

interface Strike {
  readonly kind: VictimKind;
  readonly moment: Moment;
  /** Of what the victim moves. */
  readonly after: number;
  readonly holdAfter: number;
  readonly waitMs: number;
  /** In a microtask of its own, rather than inside the event it answers to. */
  readonly deferred: boolean;
  readonly check: number;
}

/** The result of a strike. */
interface Aftermath {
  readonly struck: boolean;
  readonly answerMs: number;
}

/** Runs a storm; it does not throw for what it finds. */
export async function abortStorm({ server, host, tree, random, aborts }: StormOptions): Promise<StormReport> {
  const faults: string[] = [];
  const times: number[] = [];
  let struck = 0;
  let downloads = 0;
  for (let round = 1; round <= aborts; round += 1) {
    const strike = chooseStrike(random);
    const lostBefore = host.lost.length;
    try {
      const ftp = await host.operations();
      const aftermath = await strikeAt(ftp, strike, server);
      times.push(aftermath.answerMs);
      if (aftermath.struck) struck += 1;
      if (round % 10 === 0) {
        await checkDownload(ftp, tree);
        downloads += 1;
      }
    } catch (error) {
      // Work on a closed session fails with it; the host has entered the loss.
      if (host.lost.length === lostBefore) faults.push(describeFault(round, strike, error, host));
    }
  }
  times.sort((a, b) => a - b);
  const answerMs = { median: times[times.length >> 1] ?? 0, longest: times.at(-1) ?? 0 };
  return { aborts, struck, downloads, faults, answerMs };
}

function describeFault(round: number, strike: Strike, error: unknown, host: StormHost): string {
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return `round ${round}, ${JSON.stringify(strike)}: ${what}\n${host.dialogue()}`;
}

function chooseStrike(random: Random): Strike {
  const kind = random.pick(victimKinds);
  const held = random.chance(0.3);
  return {
    kind,
    moment: held ? 'after a while' : random.pick(moments),
    after: Math.floor(random.fraction() ** 3 * extent[kind]),
    holdAfter: held ? Math.floor(random.fraction() ** 4 * extent[kind]) : Number.POSITIVE_INFINITY,
    waitMs: random.fraction() * longestWaitMs,
    deferred: random.chance(0.5),
    check: random.below(1000),
  };
}

/** Starts the victim, strikes when the moment has come, and checks the answer to what is subscribed in that very tick. */
function strikeAt(ftp: FtpOperations, strike: Strike, server: InteropServer): Promise<Aftermath> {
  const { kind, moment, after, holdAfter, waitMs, deferred } = strike;
  return new Promise((resolve, reject) => {
    const live: Subscription[] = [];
    let wait: NodeJS.Timeout | undefined;
    let over = false;
    const hit = (struck: boolean): void => {
      if (over) return;
      over = true;
      clearTimeout(wait);
      for (const subscription of live) subscription.unsubscribe();
      const at = performance.now();
      checkAnswer(ftp, strike, server).then(() => resolve({ struck, answerMs: performance.now() - at }), reject);
    };
    const when = (now: Moment): void => {
      if (over || now !== moment) return;
      if (deferred) queueMicrotask(() => hit(true));
      else hit(true);
    };
    live.push(
      ftp.command$.subscribe((line) => {
        if (/^(RETR|STOR|LIST|NLST|MLSD)/.test(line)) when('before the preliminary reply');
      }),
      ftp.reply$.subscribe((reply) => {
        if (reply.class === 1) when('after the preliminary reply');
        else if (reply.code === 226) when('at the final reply');
      }),
    );
    const events = {
      moved: (total: number) => {
        if (total >= after) when('after some data');
      },
      drained: () => when('at the end of the data'),
    };
    live.push(
      bounded(victim(ftp, kind, holdAfter, events)).subscribe({
        error: (error: unknown) => {
          if (over) return;
          over = true;
          clearTimeout(wait);
          for (const subscription of live) subscription.unsubscribe();
          reject(error);
        },
        complete: () => hit(false),
      }),
    );
    // A moment at random, also between any two events: no event can stand for it.
    if (moment === 'after a while') wait = setTimeout(() => when(moment), waitMs);
    when('at once');
  });
}

/** A command whose answer is known; a STOR that was struck may or may not have left a file. */
async function checkAnswer(ftp: FtpOperations, { kind, check }: Strike, server: InteropServer): Promise<void> {
  if (kind === 'STOR' && check % 2 === 0) return checkDelete(ftp);
  const probes = [
    () => expectAnswer('SIZE', ftp.size$(known.path), known.bytes),
    () => expectAnswer('PWD', ftp.pwd$(), server.home),
    () => expectAnswer('MDTM', ftp.mdtm$(known.path), known.modified),
    () => expectAnswer('NOOP', ftp.exchange$('NOOP', { expect: 200 }), undefined),
  ] as const;
  await (probes[check % probes.length] ?? probes[0])();
}

async function expectAnswer<T>(command: string, answer: Observable<T>, expected: string | number | Date | undefined) {
  const value = await lastValueFrom(bounded(answer));
  if (expected === undefined || String(value) === String(expected)) return;
  throw new Error(`${command} was answered ${String(value)}, not ${String(expected)}`);
}

async function checkDelete(ftp: FtpOperations): Promise<void> {
  try {
    const { code } = await lastValueFrom(bounded(ftp.dele$(stored)));
    if (code !== 250) throw new Error(`DELE was answered ${code}`);
  } catch (error) {
    if (!(error instanceof FtpReplyError && error.reply.code === 550)) throw error;
  }
}

async function checkDownload(ftp: FtpOperations, { digest }: StormTree): Promise<void> {
  const hash = createHash('sha256');
  await new Promise<void>((resolve, reject) => {
    bounded(ftp.retr$(known.path)).subscribe({
      next: (chunk) => hash.update(chunk),
      error: reject,
      complete: resolve,
    });
  });
  const received = hash.digest('hex');
  if (received !== digest) throw new Error(`${known.path} arrived as ${received}, not ${digest}`);
}

function bounded<T>(source: Observable<T>): Observable<T> {
  return source.pipe(timeout({ each: stepBoundMs }));
}

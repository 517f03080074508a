/** One run: an operation on a server of its own, with one fault at one event; then probes, the end, and what is left. */
import { getEventListeners } from 'node:events';
import { firstValueFrom, type Observable, Subject, type Subscription } from 'rxjs';
import type { FtpOptions } from '../../../lib/index.js';
import type { ServerTls } from '../../support/scripted/server-tls.js';
import { Director, type Strike } from './director.js';
import type { MatrixEvent } from './events.js';
import { Life, type LifeWatch } from './life.js';
import type { Link } from './link.js';
import { MatrixServer } from './matrix-server.js';
import type { Operation } from './operation.js';
import { clientSeat, type Seat, type SeatKind, sessionSeat } from './seats.js';
import { treeText } from './tree-text.js';

/** How long the client waits for a reply, for data and for a connection; and for the server to get into step. */
export const limits = { waitMs: 2500, abortMs: 4000, slackMs: 4000, patientMs: 20_000 } as const;

export interface Case {
  readonly operation: Operation;
  readonly link: Link;
  readonly seat: SeatKind;
  readonly greeting: string;
  readonly strike?: Strike;
}

export type Outcome = { readonly value: unknown } | { readonly error: unknown } | { readonly left: true };

export interface Played {
  readonly outcome: Outcome;
  readonly events: readonly MatrixEvent[];
  /** The results of the probes: their names, each with its fault. */
  readonly probes: readonly Probe[];
  readonly tree: string;
  readonly sessions: number;
  readonly struck: boolean;
  readonly closed: boolean;
  /** The faults that no run may have. */
  readonly faults: readonly string[];
  readonly ms: number;
  /** The events and the dialogue of the server. */
  readonly dialogue: string;
}

export interface Probe {
  readonly name: string;
  readonly right: boolean;
  readonly outcome: Outcome;
}

/** The parts that all runs share. */
export interface Stage {
  readonly watch: LifeWatch;
  readonly tls: ServerTls | undefined;
}

export async function play(one: Case, { watch, tls: explicit }: Stage): Promise<Played> {
  const { operation, strike } = one;
  const director = new Director(operation, strike);
  const mode: ServerTls['mode'] = operation.options?.secure === 'implicit' ? 'implicit' : 'explicit';
  const tls = explicit === undefined ? undefined : { ...explicit, mode };
  const ccc = operation.options?.allowCcc === true;
  const wish = {
    tls,
    greeting: one.greeting,
    abort: operation.abort ?? '426+225',
    ccc,
    features: operation.features ?? [],
  } as const;
  const server = new MatrixServer(wish, director);
  await server.listen();
  const life = new Life();
  const faults: string[] = [];
  const run = new Run(one, server, director, watch, life, faults);
  const started = performance.now();
  const result = await watch.as(life, () => run.play());
  const ms = performance.now() - started;
  faults.push(...(await life.left()));
  const tree = treeText(server.tree);
  await server.close().catch((error: AggregateError) => faults.push(`the server's script failed: ${error.errors[0]}`));
  return {
    ...result,
    events: director.events,
    tree,
    sessions: server.sessions.length,
    struck: director.struck,
    faults,
    ms,
    dialogue: server.dialogue(),
  };
}

class Run {
  readonly #one: Case;
  readonly #server: MatrixServer;
  readonly #director: Director;
  readonly #faults: string[];
  readonly #stop = new AbortController();
  readonly #taken$ = new Subject<void>();
  #subscription: Subscription | undefined;

  constructor(one: Case, server: MatrixServer, director: Director, watch: LifeWatch, life: Life, faults: string[]) {
    this.#one = one;
    this.#server = server;
    this.#director = director;
    this.#faults = faults;
    director.onUnsubscribe = () => watch.as(life, () => this.#subscription?.unsubscribe());
    director.onEvent = ({ role }) => {
      if (role === 'taken') watch.as(life, () => this.#taken$.next());
    };
  }

  async play(): Promise<Pick<Played, 'outcome' | 'probes' | 'closed'>> {
    const logsIn = this.#one.operation.group === 'login';
    if (logsIn) this.#director.arm();
    const seat = await this.#within('the login', this.#sit());
    if (seat === undefined || 'error' in seat) return this.#unopened(seat?.error);
    if (!logsIn) await this.#warmUp(seat).catch((error: unknown) => this.#faults.push(`the login failed: ${error}`));
    this.#director.arm();
    const operation$ = this.#one.operation.run(seat.ftp, { taken$: this.#taken$ });
    const outcome = (await this.#within('the operation', this.#outcomeOf(operation$))) ?? { left: true };
    const probes = await this.#probe(seat);
    const closed = seat.state()?.status === 'closed';
    await this.#within('closing', seat.close());
    this.#faults.push(...((await this.#within('the end of the events', seat.transferFaults)) ?? []));
    this.#checkListeners();
    return { outcome, probes, closed };
  }

  /** The login of a session was left, or has failed: there is nothing to ask any more. */
  #unopened(error: unknown): Pick<Played, 'outcome' | 'probes' | 'closed'> {
    this.#checkListeners();
    return { outcome: error === undefined ? { left: true } : { error }, probes: [], closed: true };
  }

  async #sit(): Promise<Seat | { readonly error: unknown } | undefined> {
    if (this.#one.seat === 'client') return clientSeat(this.#options());
    return new Promise((resolve) => {
      const opening = (subscription: Subscription): void => {
        this.#subscription = subscription;
        // An error is told before its teardown, but by a promise.
        subscription.add(() => void setImmediate(resolve, undefined));
      };
      sessionSeat(this.#options(), opening).then(resolve, (error: unknown) => resolve({ error }));
    });
  }

  #options(): FtpOptions {
    const { host, port, tls } = this.#server;
    const stands = doesStand(this.#one.strike);
    const waitMs = stands ? limits.waitMs : limits.patientMs;
    const abortMs = abortMsOf(this.#one.strike);
    const waits = { connectTimeoutMs: waitMs, replyTimeoutMs: waitMs, stallTimeoutMs: waitMs, abortTimeoutMs: abortMs };
    const secure = tls === undefined ? {} : { secure: tls.mode, tls: { ca: tls.authority.cert } };
    return { host, port, signal: this.#stop.signal, ...waits, ...secure, ...this.#one.operation.options };
  }

  async #warmUp({ ftp }: Seat): Promise<void> {
    await firstValueFrom(ftp.size$('/a'));
    await firstValueFrom(ftp.help$('warm'));
  }

  #outcomeOf(source$: Observable<unknown>, leave = true): Promise<Outcome> {
    return new Promise((resolve) => {
      let value: unknown;
      const subscription = source$.subscribe({
        next: (next) => {
          value = next;
        },
        error: (error: unknown) => resolve({ error }),
        complete: () => resolve({ value }),
      });
      if (leave) this.#subscription = subscription;
      subscription.add(() => resolve({ left: true }));
    });
  }

  /** The next operations; the first that is answered ends the run's events. */
  async #probe({ ftp }: Seat): Promise<Probe[]> {
    const asked: readonly [string, () => Observable<unknown>, (value: unknown) => boolean][] = [
      ['HELP', () => ftp.help$('probe'), (reply) => (reply as { text: string }).text === 'Help on probe.'],
      ['SIZE', () => ftp.size$('/probe'), (size) => size === 23],
      ['PWD', () => ftp.pwd$(), (path) => path === '/'],
    ];
    const probes: Probe[] = [];
    this.#subscription = undefined;
    if (this.#one.operation.group !== 'abort') this.#director.disarm();
    for (const [name, call, isRight] of asked) {
      const outcome = (await this.#within(`${name} after it`, this.#outcomeOf(call(), false))) ?? { left: true };
      probes.push({ name, outcome, right: 'value' in outcome && isRight(outcome.value) });
    }
    return probes;
  }

  #checkListeners(): void {
    const left = getEventListeners(this.#stop.signal, 'abort').length;
    if (left > 0) this.#faults.push(`${left} listeners of the signal are left`);
  }

  /** The timely result; without one the run has a fault. */
  async #within<T>(what: string, work: Promise<T>): Promise<T | undefined> {
    const limitMs = deadlineMs(this.#one.strike);
    const late = Symbol('late');
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<typeof late>((resolve) => {
      timer = setTimeout(resolve, limitMs, late);
    });
    const first = await Promise.race([work, timeout]);
    clearTimeout(timer);
    if (first !== late) return first;
    this.#faults.push(`${what} took more than ${limitMs} ms`);
    this.#subscription?.unsubscribe();
    return undefined;
  }
}

/** How long one step of a run may take. */
function deadlineMs(strike: Strike | undefined): number {
  return limits.slackMs + abortMsOf(strike) + (doesStand(strike) ? limits.waitMs : 0);
}

/** Short only where it has to pass: on a machine that does other things, a right abort takes its time. */
function abortMsOf(strike: Strike | undefined): number {
  const passes = doesStand(strike) || /^(an unusual code|the wrong class)/.test(strike?.fault.name ?? '');
  return passes ? limits.abortMs : limits.patientMs;
}

/** Whether something that is waited for never comes. */
function doesStand(strike: Strike | undefined): boolean {
  return strike?.fault.death === 'silence' || strike?.fault.data === 'silence';
}

/**
 * One transfer without its sockets: the script, its facts, and what has been done so far. A step is an event that is told, the
 * time of a wait that passes, or the turn in which the script goes on.
 */
import { type Facts, newFacts, record, type TransferKind } from '../../../lib/data/machine/facts.js';
import { mayKeepAlive } from '../../../lib/data/machine/keep-alive.js';
import { mayAnswerNoop } from '../../../lib/data/machine/noops.js';
import { Runner } from '../../../lib/data/machine/runner.js';
import {
  type Act,
  type Effect,
  type Next,
  send,
  type Terms,
  type TransferEvent,
} from '../../../lib/data/machine/script.js';
import { transfer } from '../../../lib/data/machine/transfer-script.js';
import { createReply, type Reply } from '../../../lib/protocol/reply.js';

export const terms: Terms = {
  replyMs: 30_000,
  connectMs: 20_000,
  abortMs: 10_000,
  roundTripMs: 0,
  handshakeFirst: false,
  repeatsListings: false,
  portBehindUpload: false,
  keepsAlive: false,
};

/**
 * `turn`: the script goes on; `time`: its wait has lasted too long; `overdue`: the abort has; `lost`: the connection is gone;
 * `quiet`: nothing was said over it for a while.
 */
export type Step = TransferEvent | { readonly type: 'turn' | 'time' | 'overdue' | 'lost' | 'undecided' | 'quiet' };

export interface Setup {
  readonly kind: TransferKind;
  /** The server opens the data connection. */
  readonly isActive: boolean;
  /** A reply before the command was odd. */
  readonly isDoubtful: boolean;
  /** Only a part of the file is wanted. */
  readonly isRanged: boolean;
  /** The user has left between the preparation and the command. */
  readonly hasLeft?: boolean;
  /** The next transfer's port is never asked for early. */
  readonly asksNoPort?: boolean;
  /** The most NOOPs that are sent while it runs. */
  readonly noops?: number;
  /** What is known of the server. */
  readonly known?: Partial<Terms>;
}

/** What is explored: the scripts, or a mutant of them. */
export interface Subject {
  readonly script: (facts: Facts, terms: Terms, act: Act) => Next;
  readonly record: typeof record;
  readonly mayKeepAlive: typeof mayKeepAlive;
}

export const subject: Subject = { script: transfer, record, mayKeepAlive };

const replies = new Map<number, Reply>();

export function reply(code: number): Reply {
  const known = replies.get(code) ?? createReply(code, ['x']);
  replies.set(code, known);
  return known;
}

export class Model {
  readonly facts: Facts;
  readonly setup: Setup;
  readonly terms: Terms;
  /** What was done, in order: `ABOR` and `PWD` for themselves. */
  readonly done: string[] = [];
  /** What was told last. */
  last: Step['type'] = 'turn';
  /** The waits whose time has passed. */
  readonly expired: string[] = [];
  readonly runner: Runner;
  readonly #subject: Subject;
  /** What the facts have to say of NOOPs, counted here by itself. */
  readonly noops = { owed: 0, aborted: 0, left: false };
  /** The abort has a time limit: its own, or that of whoever cancelled. */
  bounded = false;
  /** Why the connection is gone, or was given up. */
  lost: string | undefined;

  constructor(subject: Subject, setup: Setup) {
    const { script } = subject;
    this.setup = setup;
    this.#subject = subject;
    this.facts = newFacts(setup.kind);
    this.terms = { ...terms, keepsAlive: setup.noops !== undefined, ...setup.known };
    if (setup.isDoubtful) this.#record({ type: 'doubtful' });
    if (!setup.isActive) this.#record({ type: 'connected' });
    if (setup.hasLeft === true) this.#record({ type: 'cancel' });
    this.runner = new Runner(() => script(this.facts, this.terms, (effect) => this.#perform(effect)));
    this.runner.start();
  }

  has(effect: string): boolean {
    return this.done.includes(effect);
  }

  /** What the script waits for, or how it has ended. */
  get place(): string {
    const { ending, wait } = this.runner;
    if (ending === undefined) return wait?.wait ?? 'nothing';
    if ('cause' in ending) return 'lost';
    return typeof ending.outcome === 'string' ? ending.outcome : ending.outcome.failed;
  }

  /** Replies still come to the transfer. */
  get isOpen(): boolean {
    const { aborting, inStep, final } = this.facts;
    return this.lost === undefined && (aborting ? !inStep : final === undefined);
  }

  /** A NOOP would be sent if nothing was said for a while. */
  get mayKeepAlive(): boolean {
    const { noops = 0 } = this.setup;
    return this.has('begin') && this.facts.noopsSent < noops && this.#subject.mayKeepAlive(this.facts);
  }

  take(step: Step): void {
    this.last = step.type;
    switch (step.type) {
      case 'turn':
        if (this.runner.isReady) this.runner.resume();
        return;
      case 'time':
        this.expired.push(this.place);
        this.runner.expire();
        return;
      case 'overdue':
      case 'lost':
      case 'undecided':
        this.#lose(step.type);
        return;
      case 'quiet':
        if (this.mayKeepAlive) this.#perform(send('NOOP'));
        return;
      case 'cancel':
        this.bounded = true;
    }
    this.#record(step);
    this.#followHandshake();
  }

  #record(event: TransferEvent): void {
    const { facts, noops } = this;
    const isOver = facts.final !== undefined;
    const isNoops = event.type === 'reply' && noops.owed > 0 && mayAnswerNoop(event.reply);
    const verdict = this.#subject.record(facts, event);
    if (event.type !== 'reply') return;
    if (isNoops) noops.owed -= 1;
    else if (facts.aborting) noops.aborted += 1;
    if (!isOver && facts.final !== undefined) noops.left = noops.owed > 0;
    if (verdict === 'fence') this.done.push('fence of the line');
  }

  #lose(why: string): void {
    this.lost ??= why;
    this.runner.lose(why);
  }

  #perform(effect: Effect): boolean {
    if (effect.do === 'ask-port-early' && this.setup.asksNoPort === true) return false;
    this.done.push(this.#nameOf(effect));
    if (effect.do === 'send') this.#record({ type: 'sent', line: effect.line });
    if (effect.do === 'send' && effect.line === 'NOOP') this.noops.owed += 1;
    if (effect.do === 'decide') this.#record({ type: 'deciding' });
    if (effect.do === 'bound') this.bounded = true;
    if (effect.do === 'unbound') this.bounded = false;
    if (effect.do === 'ask-port-early') this.#record({ type: 'port-asked' });
    if (effect.do === 'give-up') this.#lose('given up');
    this.#followHandshake();
    return true;
  }

  /** An effect that must not be done in some states has another name there. */
  #nameOf(effect: Effect): string {
    if (effect.do === 'send') return effect.line === 'NOOP' && !this.#mayTakeNoop ? 'NOOP out of place' : effect.line;
    if (effect.do === 'decide' && this.facts.deciding) return 'decide again';
    return effect.do === 'begin' && this.facts.cancelled ? 'begin behind a cancel' : effect.do;
  }

  /** The transfer has begun, and no other reply is awaited than its final one. */
  get #mayTakeNoop(): boolean {
    const { preliminary, moved, final, deciding, aborting, cancelled, portAsked } = this.facts;
    const isAwaited = final === undefined && !deciding && !aborting && !cancelled && !portAsked;
    return isAwaited && (preliminary !== undefined || moved);
  }

  /** A handshake is expected as soon as it is allowed and the connection is there. */
  #followHandshake(): void {
    const { connected, handshakeExpectedAt } = this.facts;
    if (!connected || handshakeExpectedAt !== undefined || !this.done.includes('start-tls')) return;
    this.#record({ type: 'handshake-expected', at: 0 });
  }
}

/**
 * One transfer without its sockets: the script, its facts, and what has been done so far. A step is an event that is told, the
 * time of a wait that passes, or the turn in which the script goes on.
 */
import { type Facts, newFacts, record, type TransferKind } from '../../../lib/data/machine/facts.js';
import { Runner } from '../../../lib/data/machine/runner.js';
import type { Effect, Outcome, Script, Terms, TransferEvent } from '../../../lib/data/machine/script.js';
import { transfer } from '../../../lib/data/machine/transfer-script.js';
import { createReply, type Reply } from '../../../lib/protocol/reply.js';

export const terms: Terms = {
  replyMs: 30_000,
  connectMs: 20_000,
  abortMs: 10_000,
  roundTripMs: 0,
  handshakeFirst: false,
  repeatsListings: false,
};

/** `turn`: the script goes on; `time`: its wait has lasted too long; `overdue`: the abort has; `lost`: the connection is gone. */
export type Step = TransferEvent | { readonly type: 'turn' | 'time' | 'overdue' | 'lost' | 'undecided' };

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
  /** What is known of the server. */
  readonly known?: Partial<Terms>;
}

/** What is explored: the scripts, or a mutant of them. */
export interface Subject {
  readonly script: (facts: Facts, terms: Terms) => Script<Outcome>;
  readonly record: typeof record;
}

export const subject: Subject = { script: transfer, record };

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
  readonly runner: Runner<Model>;
  readonly #record: typeof record;
  /** The abort has a time limit: its own, or that of whoever cancelled. */
  bounded = false;
  /** Why the connection is gone, or was given up. */
  lost: string | undefined;

  constructor({ script, record: recordWith }: Subject, setup: Setup) {
    this.setup = setup;
    this.#record = recordWith;
    this.facts = newFacts(setup.kind);
    this.terms = { ...terms, ...setup.known };
    if (setup.isDoubtful) this.#record(this.facts, { type: 'doubtful' });
    if (!setup.isActive) this.#record(this.facts, { type: 'connected' });
    if (setup.hasLeft === true) this.#record(this.facts, { type: 'cancel' });
    this.runner = new Runner<Model>(script(this.facts, this.terms), (model, effect) => model.#perform(effect), this);
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
      case 'cancel':
        this.bounded = true;
    }
    this.#record(this.facts, step);
    this.#followHandshake();
  }

  #lose(why: string): void {
    this.lost ??= why;
    this.runner.lose(why);
  }

  #perform(effect: Effect): boolean {
    if (effect.do === 'ask-port-early' && this.setup.asksNoPort === true) return false;
    this.done.push(this.#nameOf(effect));
    if (effect.do === 'send') this.#record(this.facts, { type: 'sent', line: effect.line });
    if (effect.do === 'decide') this.#record(this.facts, { type: 'deciding' });
    if (effect.do === 'bound') this.bounded = true;
    if (effect.do === 'unbound') this.bounded = false;
    if (effect.do === 'ask-port-early') this.#record(this.facts, { type: 'port-asked' });
    if (effect.do === 'give-up') this.#lose('given up');
    this.#followHandshake();
    return true;
  }

  /** An effect that must not be done in some states has another name there. */
  #nameOf(effect: Effect): string {
    if (effect.do === 'send') return effect.line;
    if (effect.do === 'decide' && this.facts.deciding) return 'decide again';
    return effect.do === 'begin' && this.facts.cancelled ? 'begin behind a cancel' : effect.do;
  }

  /** A handshake is expected as soon as it is allowed and the connection is there. */
  #followHandshake(): void {
    const { connected, handshakeExpectedAt } = this.facts;
    if (!connected || handshakeExpectedAt !== undefined || !this.done.includes('start-tls')) return;
    this.#record(this.facts, { type: 'handshake-expected', at: 0 });
  }
}

/** Holds the three time limits of one transfer, and outlives it with none. The abort has the limit of its lease. */

import type { MinRate } from '../control/min-rate.js';
import type { Session } from '../control/session.js';
import type { TimeLimit } from '../net/timer-pool.js';
import { HoldTimer } from './hold-timer.js';
import type { TransferEvent } from './machine/script.js';
import { RateTimer } from './rate-timer.js';
import { StallTimer } from './stall-timer.js';

/** The transfer that is limited. */
export interface Limited {
  readonly session: Session;
  readonly plan: { readonly minRate?: MinRate | false | undefined };
  /** The number of moved bytes so far. */
  readonly bytes: number;
  slow: Slowness | undefined;
  dispatch(event: TransferEvent): void;
}

/** In one window of `minRate` so few bytes have moved. */
export interface Slowness {
  readonly moved: number;
  readonly rate: MinRate;
}

export class Deadlines {
  /** Nothing moves, or too little. */
  readonly stall: StallTimer;
  readonly #limited: Limited;
  readonly #session: Session;
  #wait: TimeLimit | undefined;
  #holding: HoldTimer | undefined;
  #ended = false;

  constructor(limited: Limited) {
    const { session, plan } = limited;
    this.#limited = limited;
    this.#session = session;
    const { channel, settings } = session;
    const { minRate: rate = settings.minRate } = plan;
    const onStall = (): void => limited.dispatch(STALLED);
    const rateTimer = rate === false ? undefined : rateTimerOf(limited, rate);
    this.stall = new StallTimer(channel.timers, settings.stallTimeoutMs, onStall, rateTimer);
  }

  /** The user holds the transfer while others wait. It is made for the few that are held. */
  get holding(): HoldTimer {
    this.#holding ??= new HoldTimer(this.#session, () => this.#limited.dispatch(HELD));
    if (this.#ended) this.#holding.end();
    return this.#holding;
  }

  /** The time limit of one wait of the script. */
  startWait(ms: number, passed: () => void): void {
    this.#wait = this.#session.channel.timers.start(ms, passed);
  }

  endWait(): void {
    if (this.#wait === undefined) return;
    this.#session.channel.timers.stop(this.#wait);
    this.#wait = undefined;
  }

  end(): void {
    this.#ended = true;
    this.endWait();
    this.stall.end();
    this.#holding?.end();
  }
}

const STALLED: TransferEvent = { type: 'stalled' };
const HELD: TransferEvent = { type: 'held-too-long' };

function rateTimerOf(limited: Limited, rate: MinRate): RateTimer {
  const onSlow = (moved: number): void => {
    limited.slow = { moved, rate };
    limited.dispatch(STALLED);
  };
  return new RateTimer(rate, () => limited.bytes, onSlow, limited.session.channel.timers.now);
}

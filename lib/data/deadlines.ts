/** The time limits of one transfer. None outlives it. */
import type { ControlSession } from '../control/control-session.js';
import type { MinRate } from '../control/min-rate.js';
import type { TimeLimit } from '../net/resting-timers.js';
import { HoldTimer } from './hold-timer.js';
import { RateTimer } from './rate-timer.js';
import { StallTimer } from './stall-timer.js';

/** What a transfer wants to hear. */
export interface Late {
  /** How many bytes have moved so far. */
  readonly bytes: () => number;
  readonly onStall: () => void;
  /** So little has moved in a window of the least rate. */
  readonly onSlow: (moved: number) => void;
  readonly onHeld: () => void;
}

export class Deadlines {
  readonly stall: StallTimer;
  readonly holding: HoldTimer;
  readonly #session: ControlSession;
  #wait: TimeLimit | undefined;
  #bound: NodeJS.Timeout | undefined;

  constructor(session: ControlSession, minRate: MinRate | false, { bytes, onStall, onSlow, onHeld }: Late) {
    this.#session = session;
    const { channel, settings } = session;
    const rate = minRate === false ? undefined : new RateTimer(minRate, bytes, onSlow);
    this.stall = new StallTimer(channel.timers, settings.stallTimeoutMs, onStall, rate);
    this.holding = new HoldTimer(session, onHeld);
  }

  /** Over one wait of the script; a new one takes its place. */
  startWait(ms: number, passed: () => void): void {
    this.#wait = this.#session.channel.timers.start(ms, passed);
  }

  endWait(): void {
    this.#session.channel.timers.stop(this.#wait);
    this.#wait = undefined;
  }

  /** Over the whole abort of a transfer that nobody has cancelled. */
  bound(): void {
    const session = this.#session;
    this.#bound ??= setTimeout(() => session.giveUp(), session.settings.abortTimeoutMs);
  }

  end(): void {
    this.endWait();
    clearTimeout(this.#bound);
    this.stall.end();
    this.holding.end();
  }
}

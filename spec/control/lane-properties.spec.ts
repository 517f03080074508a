/**
 * Plays random arrivals, departures and releases: the rules of the lane hold at every moment, and every waiting lease is granted in the
 * end.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isShared, Lane, type LeaseKind } from '../../lib/control/lane.js';
import type { WindowLimits } from '../../lib/control/sliding-window.js';

/** `release` and `leave` are of the one who is the `nth` of those that could; `turn` ends the present turn. */
type Step =
  | { readonly do: 'enter'; readonly kind: LeaseKind }
  | { readonly do: 'release' | 'leave'; readonly nth: number }
  | { readonly do: 'turn' };

interface Lease {
  readonly number: number;
  readonly kind: LeaseKind;
  readonly leave: () => void;
  release?: () => void;
  /** Its subscriber has left, or it has been released. */
  gone: boolean;
  /** The turn in which it was granted. */
  turn?: number;
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const bytesOf = (leases: readonly Lease[]): number =>
  leases.reduce((sum, { kind }) => sum + (isShared(kind) ? kind.bytes : 0), 0);

class Model {
  readonly #window: WindowLimits;
  readonly #lane = new Lane(() => {});
  /** In order of arrival. */
  readonly #leases: Lease[] = [];
  readonly #granted: number[] = [];
  #turn = 0;
  /** The last turn in which a shared lease was granted. */
  #filled = -1;
  /** Since then, all that was granted in one turn has been released. */
  #answered = false;

  constructor(window: WindowLimits) {
    this.#window = window;
    this.#lane.window.limits = window;
  }

  get #held(): Lease[] {
    return this.#leases.filter(({ release }) => release !== undefined);
  }

  get #waiting(): Lease[] {
    return this.#leases.filter(({ release, gone }) => release === undefined && !gone);
  }

  async step(step: Step): Promise<void> {
    if (step.do === 'turn') await this.#endTurn();
    else if (step.do === 'enter') this.#enter(step.kind);
    else if (step.do === 'release') this.#release(this.#held[step.nth % Math.max(1, this.#held.length)]);
    else this.#leave(step.nth);
    this.#check();
  }

  /** Releases everything; nobody who did not leave may be forgotten. */
  async finish(): Promise<void> {
    for (let first = this.#held[0]; first !== undefined; first = this.#held[0]) {
      this.#release(first);
      this.#check();
      await this.#endTurn();
    }
    expect(this.#waiting).toEqual([]);
    expect(this.#lane.idle).toBe(true);
  }

  async #endTurn(): Promise<void> {
    await nextTurn();
    this.#turn += 1;
  }

  #enter(kind: LeaseKind): void {
    const number = this.#leases.length;
    let granted: (() => void) | undefined;
    const admitted = this.#lane.admits(kind);
    const grant = (release: () => void): void => {
      this.#granted.push(number);
      granted = release;
      const lease = this.#leases[number];
      if (lease !== undefined) this.#hold(lease, release);
    };
    const leave = this.#lane.enter(kind, grant, () => expect.unreachable('nobody closes the lane'));
    const lease: Lease = { number, kind, leave, gone: false };
    this.#leases.push(lease);
    if (granted !== undefined) this.#hold(lease, granted);
    expect(granted !== undefined, 'what is admitted is granted at once, and nothing else').toBe(admitted);
  }

  #hold(lease: Lease, release: () => void): void {
    const others = this.#held;
    if (others.length > 0) {
      expect(isShared(lease.kind), 'shares').toBe(true);
      expect(
        others.some(({ gone }) => gone),
        'beside one that was left',
      ).toBe(false);
      const mayFill = this.#filled === this.#turn || this.#answered || this.#isHalfEmpty(others);
      expect(mayFill, 'the window is filled when it is half empty or a turn is answered').toBe(true);
    }
    if (isShared(lease.kind) && this.#filled !== this.#turn) {
      this.#filled = this.#turn;
      this.#answered = false;
    }
    lease.turn = this.#turn;
    lease.release = release;
  }

  #release(lease: Lease | undefined): void {
    const release = lease?.release;
    if (lease === undefined || release === undefined) return;
    delete lease.release;
    lease.gone = true;
    if (!this.#held.some(({ turn }) => turn === lease.turn)) this.#answered = true;
    release();
    release();
  }

  #leave(nth: number): void {
    const present = this.#leases.filter(({ gone }) => !gone);
    const lease = present[nth % Math.max(1, present.length)];
    if (lease === undefined) return;
    lease.gone = true;
    lease.leave();
    lease.leave();
  }

  #isHalfEmpty(held: readonly Lease[]): boolean {
    return held.length <= this.#window.commands / 2 && bytesOf(held) <= this.#window.bytes / 2;
  }

  #check(): void {
    const held = this.#held;
    expect(held.length).toBeLessThanOrEqual(this.#window.commands);
    if (held.length > 1) {
      expect(bytesOf(held)).toBeLessThanOrEqual(this.#window.bytes);
      expect(held.every(({ kind }) => isShared(kind))).toBe(true);
    }
    expect(this.#granted).toEqual(this.#granted.toSorted((a, b) => a - b));
    if (this.#waiting.length > 0) expect(held.length, 'somebody waits, and nobody holds it').toBeGreaterThan(0);
    expect(this.#lane.shared).toBe(isShared(held[0]?.kind));
    expect(this.#lane.next).toBe(this.#waiting[0]?.kind);
  }
}

const kind: fc.Arbitrary<LeaseKind> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ bytes: fc.integer({ min: 1, max: 60 }) }) },
  { weight: 1, arbitrary: fc.record({ bytes: fc.integer({ min: 61, max: 400 }) }) },
  { weight: 1, arbitrary: fc.constantFrom<LeaseKind>('exclusive', 'transfer', 'listing') },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: kind.map((kind): Step => ({ do: 'enter', kind })) },
  { weight: 5, arbitrary: fc.nat({ max: 40 }).map((nth): Step => ({ do: 'release', nth })) },
  { weight: 1, arbitrary: fc.nat({ max: 40 }).map((nth): Step => ({ do: 'leave', nth })) },
  { weight: 2, arbitrary: fc.constant<Step>({ do: 'turn' }) },
);
const windows: readonly WindowLimits[] = [
  { commands: 1, bytes: 0 },
  { commands: 2, bytes: 100 },
  { commands: 5, bytes: 120 },
  { commands: 32, bytes: 300 },
];

describe.each(windows)('a lane whose window is %j', (window) => {
  it('keeps its bounds, the order and exclusiveness, and serves everybody', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 120 }), async (steps) => {
        const model = new Model(window);
        for (const one of steps) await model.step(one);
        await model.finish();
      }),
      { numRuns: 150 },
    );
  });
});

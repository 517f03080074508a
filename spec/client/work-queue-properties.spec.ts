/** Random arrivals, departures, changes and ends: the order holds at every moment, and all work is served in the end. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TransferShare } from '../../lib/client/transfer-share.js';
import { type ChangingSession, type QueuedWork, WorkQueue } from '../../lib/client/work-queue.js';
import type { LeaseTask } from '../../lib/control/task-runner.js';

type Sort = 'transfer' | 'listing' | 'command' | 'change';

/** `nth` chooses one of those that could. */
type Step =
  | { readonly do: 'ask'; readonly sort: Sort }
  | { readonly do: 'leave' | 'end' | 'lose'; readonly nth: number }
  | { readonly do: 'pass'; readonly ms: number };

interface Asked extends QueuedWork {
  readonly sort: Sort;
}

interface Place extends ChangingSession {
  runs?: Asked;
}

const never = async (): Promise<void> => {};
const TASKS: Readonly<Record<Sort, LeaseTask>> = {
  transfer: { kind: 'transfer', work: never },
  listing: { kind: 'listing', work: never },
  command: { kind: { bytes: 8 }, work: never },
  change: { kind: 'exclusive', work: never, changes: () => true },
};

class Model {
  readonly #places: Place[];
  readonly #share: TransferShare;
  readonly #queue: WorkQueue<Asked>;
  #waiting: Asked[] = [];
  #now = 0;
  #asked = 0;
  #plainAt = Number.NEGATIVE_INFINITY;

  constructor(sessions: number) {
    this.#places = Array.from({ length: sessions }, () => ({ user: {} }) as Place);
    const running = (): number => this.#running.filter(({ sort }) => sort === 'transfer').length;
    this.#share = new TransferShare(
      {
        inUse: sessions,
        open: sessions,
        holdsTransfer: () => false,
        get transfers() {
          return running();
        },
      },
      () => this.#now,
    );
    this.#queue = new WorkQueue({
      isChange: ({ changes }) => changes !== undefined,
      isHeldUp: () => false,
      turns: this.#share,
    });
  }

  get #running(): Asked[] {
    return this.#places.flatMap(({ runs }) => (runs === undefined ? [] : [runs]));
  }

  step(step: Step): void {
    if (step.do === 'ask') this.#ask(step.sort);
    else if (step.do === 'pass') this.#now += step.ms;
    else if (step.do === 'leave') this.#leave(step.nth);
    else this.#end(step.nth, step.do === 'lose');
    this.#dispatch();
  }

  /** Everything ends, one after the other; nothing may be left then. */
  finish(): void {
    for (let round = 0; round < 2 * this.#asked + 2; round += 1) {
      this.step({ do: 'end', nth: round });
      this.step({ do: 'pass', ms: 10_000 });
    }
    expect({ waiting: this.#waiting, waits: this.#queue.size > 0, running: this.#running }).toEqual({
      waiting: [],
      waits: false,
      running: [],
    });
  }

  #ask(sort: Sort): void {
    this.#asked += 1;
    const work = { sort, order: this.#asked, task: TASKS[sort] };
    if (sort !== 'change') this.#share.asked(work.task.kind);
    if (sort === 'listing' || sort === 'command') this.#plainAt = this.#now;
    this.#waiting.push(work);
    this.#queue.add(work);
  }

  #leave(nth: number): void {
    const work = this.#waiting[nth % Math.max(1, this.#waiting.length)];
    if (work === undefined) return;
    expect(this.#queue.remove(work)).toBe(true);
    this.#waiting = this.#waiting.filter((each) => each !== work);
  }

  #end(nth: number, isLost: boolean): void {
    const busy = this.#places.filter(({ runs }) => runs !== undefined);
    const place = busy[nth % Math.max(1, busy.length)];
    if (place?.runs === undefined) return;
    const { runs } = place;
    delete place.runs;
    if (isLost) {
      this.#queue.putBack(runs);
      this.#waiting.push(runs);
    }
    this.#queue.freed(place);
  }

  #dispatch(): void {
    for (let { next } = this.#queue; next !== undefined; next = this.#queue.next) {
      const place = this.#places.find(({ runs }) => runs === undefined);
      if (place === undefined) break;
      this.#check(next);
      this.#queue.take(next, place);
      place.runs = next;
      this.#waiting = this.#waiting.filter((each) => each !== next);
    }
    if (this.#queue.holdsBack) expect(this.#share.askAgainAt(true)).toBeGreaterThan(this.#now);
  }

  /** The rules of the order, as they are told to users. */
  #check(next: Asked): void {
    const before = this.#waiting.filter(({ order }) => order < next.order);
    expect(before.filter(({ sort }) => sort === 'change')).toEqual([]);
    expect(this.#running.filter(({ sort }) => sort === 'change')).toEqual([]);
    const passed = before.map(({ sort }) => sort);
    if (this.#places.length === 1 || next.sort === 'transfer' || next.sort === 'change') expect(passed).toEqual([]);
    expect(passed.filter((sort) => sort !== 'transfer')).toEqual([]);
    if (next.sort !== 'transfer' || this.#now >= this.#plainAt + 10_000 || this.#places.length === 1) return;
    // One session is kept, unless all that could use it waits for this transfer.
    const transfers = this.#running.filter(({ sort }) => sort === 'transfer').length + 1;
    const [other] = this.#waiting.filter(({ sort }) => sort !== 'transfer').sort((a, b) => a.order - b.order);
    if (other?.sort !== 'change') expect(transfers).toBeLessThan(this.#places.length);
  }
}

const nth = fc.nat(9);
const sort = fc.constantFrom<Sort>('transfer', 'transfer', 'listing', 'command', 'change');
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('ask' as const), sort }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('end' as const, 'end', 'lose', 'leave'), nth }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(1, 5_000, 10_000) }) },
);

describe('a random schedule of work', () => {
  it.each([1, 2, 3, 5])('keeps the order and the changes, and starves none: %d sessions', (sessions) => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const model = new Model(sessions);
        for (const each of steps) model.step(each);
        model.finish();
      }),
      { numRuns: 300 },
    );
  });

  it('starts a waiting transfer though other work never ends coming', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 4 }),
        fc.array(fc.nat(3), { minLength: 40, maxLength: 60 }),
        (count, ends) => {
          const share = { running: 0, mayBePassed: true, most: () => count - 1 };
          const queue = new WorkQueue<Asked>({ isChange: () => false, isHeldUp: () => false, turns: share });
          const runs: Asked[] = [];
          const started: number[] = [];
          for (let order = 1; order <= ends.length; order += 1) {
            const kind: Sort = order <= 3 ? 'transfer' : 'command';
            queue.add({ sort: kind, order, task: TASKS[kind] });
            for (let { next } = queue; next !== undefined && runs.length < count; next = queue.next) {
              queue.take(next, { user: {} } as ChangingSession);
              runs.push(next);
              if (next.sort === 'transfer') started.push(next.order);
              share.running = runs.filter(({ sort: each }) => each === 'transfer').length;
            }
            runs.splice((ends[order - 1] ?? 0) % runs.length, 1);
            share.running = runs.filter(({ sort: each }) => each === 'transfer').length;
          }
          // Every transfer that could: at least one has run at any time.
          expect(started[0]).toBe(1);
          if (started.length < 3) expect(share.running).toBeGreaterThan(0);
          expect(started).toEqual([...started].sort((a, b) => a - b));
        },
      ),
    );
  });
});

/** Runs the transfers of all missing ranges: the end of the file first, the others in order, several at once. */
import { RangeTransfer, type RangeTransferOptions } from './range-transfer.js';
import { type Range, shareOut, splitTail } from './ranges.js';
import type { SegmentPlan } from './segment-plan.js';

export interface RangeQueueOptions {
  /** The properties that all transfers share. */
  readonly transfer: Pick<RangeTransferOptions, 'ftp' | 'remote' | 'options' | 'size' | 'open'>;
  readonly onBytes: (bytes: number) => void;
  readonly onWritten: () => void;
  /** All ranges are written. */
  readonly onDone: () => void;
  readonly onError: (error: unknown) => void;
}

export class RangeQueue {
  readonly #plan: SegmentPlan;
  readonly #options: RangeQueueOptions;
  /** The ranges that have no transfer yet. */
  #waiting: readonly Range[];
  readonly #running = new Set<RangeTransfer>();
  /** The parts that transfers have written which are over. */
  readonly #written: Range[] = [];
  #stopped = false;
  #starting = false;
  #most = 0;
  #attempt = 1;

  constructor(plan: SegmentPlan, options: RangeQueueOptions) {
    const { count, missing, size } = plan;
    const ranges = splitTail(shareOut(missing, count), size);
    const tail = ranges.at(-1);
    this.#plan = plan;
    this.#options = options;
    this.#waiting = tail?.end === size && ranges.length > 1 ? [tail, ...ranges.slice(0, -1)] : ranges;
  }

  /** The most transfers that have moved bytes at once. */
  get most(): number {
    return this.#most;
  }

  /** The highest number of a try among the transfers. */
  get attempt(): number {
    for (const { tried } of this.#running) this.#attempt = Math.max(this.#attempt, tried.attempt);
    return this.#attempt;
  }

  /** The parts that are written. */
  get written(): readonly Range[] {
    const running = [...this.#running].map(({ written }) => written);
    return [...this.#written, ...running].filter(({ start, end }) => end > start);
  }

  start(): void {
    this.#startNext();
  }

  /** Ends all transfers. */
  stop(): void {
    this.#stopped = true;
    for (const transfer of this.#running) transfer.stop();
  }

  /** Resolves when no write is under way, after `stop`. */
  async settled(): Promise<void> {
    await Promise.all([...this.#running].map((transfer) => transfer.settled()));
  }

  /** A transfer may be over at once. */
  #startNext(): void {
    if (this.#starting) return;
    this.#starting = true;
    while (!this.#stopped && this.#running.size < this.#plan.count) {
      const [next, ...others] = this.#waiting;
      if (next === undefined) break;
      this.#waiting = others;
      this.#run(next);
    }
    this.#starting = false;
    if (!this.#stopped && this.#running.size === 0) {
      this.#stopped = true;
      this.#options.onDone();
    }
  }

  #run(range: Range): void {
    const transfer = new RangeTransfer({
      ...this.#options.transfer,
      range,
      stored: this.#plan.stored.get(range.start),
      onBytes: (bytes) => this.#onBytes(bytes),
      onWritten: this.#options.onWritten,
      onDone: () => this.#onDone(transfer),
      onError: this.#options.onError,
      takeOver: (offset) => this.#takeOver(offset),
    });
    this.#running.add(transfer);
    transfer.run();
    if (this.#stopped) transfer.stop();
  }

  #onBytes(bytes: number): void {
    const moving = [...this.#running].filter(({ isMoving }) => isMoving).length;
    this.#most = Math.max(this.#most, moving);
    this.#options.onBytes(bytes);
  }

  #onDone(transfer: RangeTransfer): void {
    if (!this.#running.delete(transfer) || this.#stopped) return;
    this.#written.push(transfer.written);
    this.#startNext();
  }

  /** The waiting transfers are not needed any more. */
  #takeOver(offset: number): number | undefined {
    const waiting = this.#waiting.find(({ start }) => start === offset);
    if (waiting !== undefined) {
      this.#waiting = this.#waiting.filter((range) => range !== waiting);
      return waiting.end;
    }
    const running = [...this.#running].find(({ start }) => start === offset);
    if (running === undefined || running.hasBegun) return undefined;
    this.#running.delete(running);
    running.stop();
    queueMicrotask(() => this.#startNext());
    return running.end;
  }
}

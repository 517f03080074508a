/**
 * A subscription under observation: what it emitted, how it ended, promises for both, and proof that it ended once.
 *
 * The observer is a Subscriber of its own, so that it sees what RxJS would silently drop: any notification after the
 * end is a fault, and so is an observation that has not ended with its spec. The set-up file collects the faults after
 * each spec; the registry below is how they reach it.
 */
import { type Observable, Subscriber } from 'rxjs';
import { overhear } from './canary.js';

export type End = 'complete' | 'error' | 'unsubscribed';

export interface ObserveOptions<T> {
  /** Names the observation in a fault. */
  readonly name?: string;
  /** Called inside each `next`, for what has to happen synchronously there; what it throws is a fault. */
  readonly next?: (value: T, observation: Observation<T>) => void;
}

const open = new Set<Observation<unknown>>();
const faults: string[] = [];

/** Subscribes and watches. */
export function observe<T>(source: Observable<T>, options: ObserveOptions<T> = {}): Observation<T> {
  const observation = new Observation<T>(options);
  source.subscribe(observation.subscriber);
  return observation;
}

/** The faults of the observations since the last call; open ones are closed. */
export function takeObservationFaults(): string[] {
  for (const observation of [...open]) {
    faults.push(`${observation.name} has not ended after ${observation.values.length} values`);
    observation.unsubscribe();
  }
  return faults.splice(0);
}

export class Observation<T> {
  readonly name: string;
  readonly values: T[] = [];
  /** Resolves with the way it ended; never rejects. */
  readonly ended: Promise<End>;
  /** The observer for `subscribe`. */
  readonly subscriber: Subscriber<T>;
  readonly #onNext: ((value: T, observation: Observation<T>) => void) | undefined;
  readonly #waiting = new Set<() => void>();
  #end: End | undefined;
  #error: unknown;
  #resolveEnded: (end: End) => void = () => undefined;

  constructor(options: ObserveOptions<T>) {
    this.name = options.name ?? 'an observation';
    this.#onNext = options.next;
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
    this.subscriber = new Witness<T>({
      next: (value) => this.#next(value),
      error: (error) => {
        this.#error = error;
        overhear(`the error of ${this.name}`, error);
        this.#finish('error');
      },
      complete: () => this.#finish('complete'),
      unsubscribed: () => this.#finish('unsubscribed'),
      late: (what) => void faults.push(`${this.name} got ${what} after its end (${this.#end})`),
    });
    open.add(this as Observation<unknown>);
  }

  /** How it ended; undefined while it has not. */
  get end(): End | undefined {
    return this.#end;
  }

  /** The error that `error` brought. */
  get error(): unknown {
    return this.#error;
  }

  /** All values once it completed; rejects with the error, or when it was unsubscribed. */
  get settled(): Promise<T[]> {
    return this.ended.then((end) => {
      if (end === 'complete') return this.values;
      throw end === 'error' ? this.#error : new Error(`${this.name} was unsubscribed`);
    });
  }

  /** The error it ended with; rejects when it ended otherwise. */
  get failed(): Promise<unknown> {
    return this.ended.then((end) => {
      if (end === 'error') return this.#error;
      throw new Error(`${this.name} did not fail: ${end} after ${this.values.length} values`);
    });
  }

  /** The `n`th value, from 1, past or to come; rejects when it ends before that. */
  async nth(n: number): Promise<T> {
    while (this.values.length < n && this.#end === undefined) {
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
    if (this.values.length >= n) return this.values[n - 1] as T;
    throw new Error(`${this.name} ended (${this.#end}) after ${this.values.length} values`, { cause: this.#error });
  }

  unsubscribe(): void {
    this.subscriber.unsubscribe();
  }

  [Symbol.dispose](): void {
    this.unsubscribe();
  }

  #next(value: T): void {
    this.values.push(value);
    try {
      this.#onNext?.(value, this);
    } catch (error) {
      faults.push(`${this.name}: its next threw ${String(error)}`);
    }
    this.#wake();
  }

  #finish(end: End): void {
    this.#end = end;
    open.delete(this as Observation<unknown>);
    this.#resolveEnded(end);
    this.#wake();
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}

interface Testimony<T> {
  next(value: T): void;
  error(error: unknown): void;
  complete(): void;
  unsubscribed(): void;
  /** A notification that should not have come. */
  late(what: string): void;
}

/** Tells everything that it is told, before RxJS's own rule drops what comes after the end. */
class Witness<T> extends Subscriber<T> {
  readonly #testimony: Testimony<T>;
  #over = false;

  constructor(testimony: Testimony<T>) {
    super();
    this.#testimony = testimony;
  }

  override next(value: T): void {
    if (this.#over) this.#testimony.late('a value');
    else this.#testimony.next(value);
  }

  override error(error: unknown): void {
    if (this.#end('an error')) this.#testimony.error(error);
    super.unsubscribe();
  }

  override complete(): void {
    if (this.#end('complete')) this.#testimony.complete();
    super.unsubscribe();
  }

  override unsubscribe(): void {
    if (!this.#over) {
      this.#over = true;
      this.#testimony.unsubscribed();
    }
    super.unsubscribe();
  }

  #end(by: string): boolean {
    if (this.#over) this.#testimony.late(by);
    const first = !this.#over;
    this.#over = true;
    return first;
  }
}

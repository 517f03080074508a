import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HeldQueue } from '../../lib/streams/held-queue.js';

const command = fc.oneof(
  { weight: 6, arbitrary: fc.constant('push' as const) },
  { weight: 3, arbitrary: fc.constant('hold' as const) },
  { weight: 4, arbitrary: fc.constant('release' as const) },
  { weight: 1, arbitrary: fc.constantFrom('end' as const, 'close' as const) },
);
type Command = 'push' | 'hold' | 'release' | 'end' | 'close';

/** A queue beside what it should do. The consumer obeys one of `reactions` in each of its calls, while there are any. */
class Trial {
  readonly #queue = new HeldQueue<number, number>({
    next: (value) => this.#onNext(value),
    end: (end) => this.#onEnd(end),
  });
  readonly #reactions: Command[][];
  /** How many values were taken, and how many of them handed on: the values are their own numbers. */
  #pushed = 0;
  #handed = 0;
  #calls = 0;
  #firstEnd: number | undefined;
  #told = false;
  #held = false;
  #closed = false;
  #busy = false;

  constructor(reactions: readonly (readonly Command[])[]) {
    this.#reactions = reactions.map((reaction) => [...reaction]);
  }

  run(program: readonly Command[]): void {
    for (const each of program) {
      this.#obey(each);
      this.#expectNothingLeft();
    }
    this.#obey('release');
    this.#expectNothingLeft();
  }

  #obey(each: Command): void {
    if (each === 'push') this.#push();
    else if (each === 'end') this.#end();
    else {
      if (each === 'close') this.#closed = true;
      else this.#held = each === 'hold';
      this.#queue[each]();
    }
  }

  #push(): void {
    const value = this.#pushed;
    const isTaken = this.#firstEnd === undefined && !this.#closed;
    if (isTaken) this.#pushed += 1;
    const { passes } = this.#queue;
    this.#queue.push(isTaken ? value : -1);
    if (isTaken && passes) expect(this.#handed).toBeGreaterThan(value);
  }

  #end(): void {
    this.#calls += 1;
    this.#firstEnd ??= this.#calls;
    this.#queue.end(this.#calls);
  }

  #onNext(value: number): void {
    expect([this.#held, this.#busy, this.#told, this.#closed]).toEqual([false, false, false, false]);
    expect(value).toBe(this.#handed);
    this.#handed += 1;
    this.#busy = true;
    this.#react();
    this.#busy = false;
  }

  #onEnd(end: number): void {
    expect([this.#busy, this.#told, this.#closed]).toEqual([false, false, false]);
    expect([end, this.#handed]).toEqual([this.#firstEnd, this.#pushed]);
    this.#told = true;
    this.#react();
  }

  #react(): void {
    for (const each of this.#reactions.shift() ?? []) this.#obey(each);
  }

  /** What may be handed on by now was handed on, and the end behind it told. */
  #expectNothingLeft(): void {
    expect(this.#queue.held).toBe(this.#held);
    expect(this.#queue.closed).toBe(this.#closed || this.#told);
    if (this.#closed) return;
    if (!this.#held) expect(this.#handed).toBe(this.#pushed);
    expect(this.#queue.isEmpty).toBe(this.#handed === this.#pushed);
    expect(this.#told).toBe(this.#firstEnd !== undefined && this.#handed === this.#pushed);
  }
}

/** A queue of letters, and all that its consumer has heard; `onLetter` is what it does meanwhile. */
function letters(onLetter: (letter: string, queue: HeldQueue<string, string>) => void = () => {}) {
  const heard: string[] = [];
  const queue = new HeldQueue<string, string>({
    next: (letter) => {
      heard.push(letter);
      onLetter(letter, queue);
    },
    end: (end) => heard.push(end),
  });
  return { queue, heard };
}

describe('HeldQueue', () => {
  it('loses nothing, repeats nothing, keeps the order and tells the end last, whatever its consumer does meanwhile', () => {
    const program = fc.array(command, { maxLength: 40 });
    const reactions = fc.array(fc.array(command, { maxLength: 4 }), { maxLength: 20 });
    fc.assert(
      fc.property(program, reactions, (commands, inside) => new Trial(inside).run(commands)),
      { numRuns: 1000 },
    );
  });

  it('hands on until it is held again, and the end behind the last', () => {
    const { queue, heard } = letters((letter) => {
      if (letter === 'b') queue.hold();
    });
    queue.hold();
    for (const letter of 'abc') queue.push(letter);
    queue.end('end');
    expect(heard).toEqual([]);
    queue.release();
    expect(heard).toEqual(['a', 'b']);
    queue.release();
    expect(heard).toEqual(['a', 'b', 'c', 'end']);
  });

  it('tells an end that has nothing before it while it is held', () => {
    const { queue, heard } = letters();
    queue.hold();
    queue.end('end');
    expect(heard).toEqual(['end']);
  });

  it('does not call a consumer that is busy', () => {
    const { queue, heard } = letters((letter) => {
      if (letter === 'a') queue.push('b');
      heard.push('done');
    });
    queue.push('a');
    expect(heard).toEqual(['a', 'done', 'b', 'done']);
  });

  it('drops what waits, and the end, when it is closed', () => {
    const { queue, heard } = letters((_letter, it) => it.close());
    queue.hold();
    queue.push('a');
    queue.push('b');
    queue.end('end');
    queue.release();
    expect([heard, queue.isEmpty, queue.closed]).toEqual([['a'], true, true]);
  });

  it('goes on behind a value at which its consumer has thrown', () => {
    const { queue, heard } = letters((letter) => {
      if (letter === 'a') throw new Error('not this one');
    });
    queue.hold();
    queue.push('a');
    queue.push('b');
    expect(() => queue.release()).toThrow('not this one');
    queue.push('c');
    expect(heard).toEqual(['a', 'b', 'c']);
  });
});

import { concatMap, defer, filter, map, Observable, of, pipe, retry, Subject, take } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { bindGate, deferFlow, Flow, flowOperator } from '../../lib/streams/flow.js';
import { Gate } from '../../lib/streams/gate.js';

/** A flow of 1, 2, 3, 4 that records the gate of each subscription. */
function recorded(): { flow: Flow<number>; gates: Gate[] } {
  const gates: Gate[] = [];
  const flow = deferFlow((gate) =>
    defer(() => {
      gates.push(gate);
      return of(1, 2, 3, 4);
    }),
  );
  return { flow, gates };
}

const doubled = flowOperator<number, number>((subscriber) => ({
  next: (value) => subscriber.next(value * 2),
  complete: () => subscriber.complete(),
}));

describe('Flow', () => {
  it('is an Observable, each of whose subscriptions has a gate of its own', () => {
    const { flow, gates } = recorded();
    const seen: number[] = [];
    flow.subscribe((value) => seen.push(value));
    flow.subscribe();
    expect(seen).toEqual([1, 2, 3, 4]);
    expect(gates).toHaveLength(2);
    expect(gates[0]).not.toBe(gates[1]);
  });

  it('stays a flow under any operators, also composed ones and those of this library', () => {
    const { flow, gates } = recorded();
    const evens = pipe(
      filter((value: number) => value % 2 === 0),
      map((value) => `<${value}>`),
    );
    const derived = flow.pipe(
      doubled,
      map((value) => value / 2),
      evens,
      concatMap((text) => [text, text]),
      take(3),
    );
    expect(derived).toBeInstanceOf(Flow);
    const gate = new Gate();
    const seen: string[] = [];
    bindGate(derived, gate).subscribe({ next: (text) => seen.push(text) });
    expect(seen).toEqual(['<2>', '<2>', '<4>']);
    expect(gates).toEqual([gate]);
    expect(gates[0]).toBe(gate);
  });

  it('keeps the gate when an operator subscribes again', () => {
    const gates: Gate[] = [];
    const failing = deferFlow<never>(
      (gate) =>
        new Observable((subscriber) => {
          gates.push(gate);
          subscriber.error('again');
        }),
    );
    const gate = new Gate();
    const errors: unknown[] = [];
    bindGate(failing.pipe(retry(2)), gate).subscribe({ error: (error) => errors.push(error) });
    expect(errors).toEqual(['again']);
    expect(gates).toEqual([gate, gate, gate]);
  });

  it('can be iterated, with its gate, under operators of any kind', async () => {
    const { flow, gates } = recorded();
    const seen: number[] = [];
    for await (const value of flow.pipe(
      doubled,
      map((value) => value + 1),
    )) {
      seen.push(value);
    }
    expect(seen).toEqual([3, 5, 7, 9]);
    expect(gates).toHaveLength(1);
  });

  it('can be iterated behind an operator that makes an Observable of its own, which is not held', async () => {
    const { flow, gates } = recorded();
    const own = <T>(source: Observable<T>): Observable<T> =>
      new Observable((subscriber) => source.subscribe(subscriber));
    const derived = flow.pipe(own);
    const gate = new Gate();
    bindGate(derived, gate).subscribe();
    expect(gates).toHaveLength(1);
    expect(gates[0]).not.toBe(gate);
    const seen: number[] = [];
    for await (const value of derived) {
      seen.push(value);
      if (value === 2) break;
    }
    expect(seen).toEqual([1, 2]);
  });

  it('hands on what is no Observable, and an Observable of another class, as it is', () => {
    const { flow } = recorded();
    const subject = new Subject<number>();
    expect(flow.pipe(() => subject)).toBe(subject);
    expect((flow.pipe as (to: () => unknown) => unknown)(() => 7)).toBe(7);
    expect(flow.pipe()).toBe(flow);
  });

  it('leaves other Observables as they are', () => {
    const plain = of(1);
    expect(bindGate(plain, new Gate())).toBe(plain);
  });
});

describe('flowOperator', () => {
  it('turns what a stage throws into the error of the stream, and lets go of the source', () => {
    let torn = 0;
    const source = new Observable<number>((subscriber) => {
      subscriber.next(1);
      return () => {
        torn += 1;
      };
    });
    const throwing = flowOperator<number, number>(() => ({
      next: () => {
        throw new RangeError('next');
      },
      complete: () => undefined,
    }));
    const errors: unknown[] = [];
    source.pipe(throwing).subscribe({ error: (error) => errors.push(error) });
    expect(errors).toEqual([new RangeError('next')]);
    expect(torn).toBe(1);
  });

  it('turns what a stage throws at completion into an error', () => {
    const throwing = flowOperator<number, number>(() => ({
      next: () => undefined,
      complete: () => {
        throw new RangeError('complete');
      },
    }));
    const seen: unknown[] = [];
    of(1)
      .pipe(throwing)
      .subscribe({ error: (error) => seen.push(error), complete: () => seen.push('complete') });
    expect(seen).toEqual([new RangeError('complete')]);
  });

  it('stops a synchronous source in the middle', () => {
    let pulled = 0;
    function* endless(): Generator<number> {
      for (;;) yield pulled++;
    }
    const seen: number[] = [];
    const source = deferFlow(() => defer(() => endless()));
    source.pipe(doubled, take(2)).subscribe((value) => seen.push(value));
    expect(seen).toEqual([0, 2]);
    expect(pulled).toBe(2);
  });
});

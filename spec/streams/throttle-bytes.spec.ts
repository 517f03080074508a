import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Observable, take } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { FtpUsageError } from '../../lib/errors.js';
import { deferFlow } from '../../lib/streams/flow.js';
import type { Gate } from '../../lib/streams/gate.js';
import { readSource } from '../../lib/streams/source.js';
import { byteStream } from '../../lib/streams/source-stream.js';
import { throttleBytes } from '../../lib/streams/throttle-bytes.js';
import { marbles } from './support/marbles.js';

const CHUNKS = { a: Uint8Array.of(1, 2, 3, 4), b: Uint8Array.of(5), s: Uint8Array.of(1, 2), t: Uint8Array.of(3, 4) };

describe('throttleBytes', () => {
  it('lets a tenth of a second through at once and slices the rest', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('-a-b 400ms |', CHUNKS);
      // 20 bytes a second: two at once, and one more every 50 ms, gathered to two.
      expectObservable(source.pipe(throttleBytes(20))).toBe('-s 99ms t 49ms b 252ms |', CHUNKS);
      expectSubscriptions(source.subscriptions).toBe('^ 403ms !');
    });
  });

  it('completes when the last bytes are out', () => {
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('(a|)', CHUNKS).pipe(throttleBytes(20))).toBe('s 99ms (t|)', CHUNKS);
      expectObservable(cold<Uint8Array>('--|').pipe(throttleBytes(20))).toBe('--|');
    });
  });

  it('lets slow sources pass, also below ten bytes a second', () => {
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('b 999ms b|', CHUNKS).pipe(throttleBytes(1))).toBe('b 999ms b|', CHUNKS);
    });
  });

  it('lets an error overtake what waits', () => {
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('-a-#', CHUNKS).pipe(throttleBytes(20))).toBe('-s-#', CHUNKS);
    });
  });

  it('holds the source while it waits, and leaves neither a timer nor a hold', () => {
    marbles(({ cold, expectObservable, expectSubscriptions, flush }) => {
      const gates: Gate[] = [];
      const source = cold('-a--------', CHUNKS);
      const flow = deferFlow((gate) => {
        gates.push(gate);
        return source as Observable<Uint8Array>;
      });
      expectObservable(flow.pipe(throttleBytes(20)), '^ 50ms !').toBe('-s', CHUNKS);
      expectSubscriptions(source.subscriptions).toBe('^ 50ms !');
      cold('--x-').subscribe(() => expect(gates[0]?.held).toBe(true));
      flush();
      expect(gates.map(({ held }) => held)).toEqual([false]);
    });
  });

  it('opens the gate when everything is out', () => {
    marbles(({ cold, expectObservable, flush }) => {
      const gates: Gate[] = [];
      const flow = deferFlow((gate) => {
        gates.push(gate);
        return cold('-a 200ms -', CHUNKS);
      });
      expectObservable(flow.pipe(throttleBytes(20))).toBe('-s 99ms t', CHUNKS);
      cold('102ms x').subscribe(() => expect(gates[0]?.held).toBe(false));
      flush();
      expect(gates).toHaveLength(1);
    });
  });

  it('emits nothing after an unsubscription in the middle', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('-a-a', CHUNKS);
      expectObservable(source.pipe(throttleBytes(10), take(1))).toBe('-(f|)', { f: Uint8Array.of(1) });
      expectSubscriptions(source.subscriptions).toBe('^!');
    });
  });

  it.each([0, -1, Number.NaN])('refuses a rate of %s', (rate) => {
    expect(() => throttleBytes(rate)).toThrow(FtpUsageError);
  });
});

describe('the source of an upload behind throttleBytes', () => {
  it('is read no sooner than the rate lets it, and a cancelled one leaves no timer', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
    let given = 0;
    let isLeft = false;
    async function* chunks(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) {
          given += 1;
          yield Uint8Array.of(1, 2, 3, 4);
        }
      } finally {
        isLeft = true;
      }
    }
    const reader = readSource(byteStream(chunks()).pipe(throttleBytes(20)));
    expect([...((await reader.next()) ?? [])]).toEqual([1, 2]);
    const second = reader.next();
    expect([given, vi.getTimerCount()]).toEqual([1, 1]);
    vi.advanceTimersByTime(100);
    expect([...((await second) ?? [])]).toEqual([3, 4]);
    const third = reader.next();
    while (vi.getTimerCount() === 0) await nextTurn();
    expect(given).toBe(2);
    reader.cancel();
    expect(vi.getTimerCount()).toBe(0);
    expect(await third).toBeUndefined();
    while (!isLeft) await nextTurn();
  });
});

/** A source that hands on what has waited while it was held at once when it is let go, as a protected download does. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Observable, Subject, VirtualTimeScheduler } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { deferFlow, type Flow } from '../../lib/streams/flow.js';
import type { Gate } from '../../lib/streams/gate.js';
import { paced } from '../../lib/streams/paced.js';
import { throttleBytes } from '../../lib/streams/throttle-bytes.js';
import { toReadable } from '../../lib/streams/to-readable.js';
import { observe } from '../support/observe.js';
import { bytesOf, textOf } from './support/marbles.js';

/** Emits `chunks` while its gate lets it, and completes after the last. */
function waiting(...chunks: readonly string[]): { readonly flow: Flow<Uint8Array>; readonly rest: string[] } {
  const rest = [...chunks];
  const run = (gate: Gate): Observable<Uint8Array> =>
    new Observable((subscriber) => {
      const handOn = (): void => {
        while (!gate.held && rest.length > 0) subscriber.next(bytesOf(rest.shift() ?? ''));
        if (rest.length === 0) subscriber.complete();
      };
      gate.attach({ pause: () => {}, resume: handOn });
      handOn();
    });
  return { flow: deferFlow(run), rest };
}

describe('what waited for the gate', () => {
  it('leaves nothing behind in throttleBytes, whose end comes right after it', () => {
    const clock = new VirtualTimeScheduler();
    const out = observe(waiting('0123456789', 'ab', 'cdefghijkl', 'm').flow.pipe(throttleBytes(100, clock)));
    clock.flush();
    expect(out.end).toBe('complete');
    expect(out.values.map(textOf).join('')).toBe('0123456789abcdefghijklm');
  });

  it('comes to paced one by one', async () => {
    const { flow, rest } = waiting('1', '2', '3', '4');
    const done: Subject<void>[] = [];
    using running = observe(
      flow.pipe(
        paced(() => {
          const work = new Subject<void>();
          done.push(work);
          return work;
        }),
      ),
    );
    expect(rest).toEqual(['2', '3', '4']);
    done[0]?.complete();
    expect(rest).toEqual(['3', '4']);
    done[1]?.complete();
    expect(rest).toEqual(['4']);
    expect(running.end).toBeUndefined();
  });

  it('comes to a Readable no faster than it is read', async () => {
    const { flow } = waiting('1', '2', '3', '4', '5');
    const readable = toReadable<Uint8Array>({ objectMode: true, highWaterMark: 1 })(flow);
    const read: string[] = [];
    for await (const chunk of readable) {
      expect(readable.readableLength).toBeLessThanOrEqual(1);
      read.push(textOf(chunk));
      await nextTurn();
      expect(readable.readableLength).toBeLessThanOrEqual(1);
    }
    expect(read).toEqual(['1', '2', '3', '4', '5']);
  });
});

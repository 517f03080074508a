import { NEVER, Observable, of, Subject } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { onAbort, untilAborted } from '../../lib/streams/abort-signal.js';
import { observe } from '../support/observe.js';

describe('onAbort', () => {
  it('tells the reason, once, and stops listening', () => {
    const aborting = new AbortController();
    const told = vi.fn();
    onAbort(aborting.signal, told);
    expect(told).not.toHaveBeenCalled();
    aborting.abort('enough');
    expect(told.mock.calls).toEqual([['enough']]);
  });

  it('tells at once when it has aborted, and nothing without a signal', () => {
    const told = vi.fn();
    onAbort(AbortSignal.abort('before'), told)();
    expect(told.mock.calls).toEqual([['before']]);
    onAbort(undefined, told)();
    expect(told).toHaveBeenCalledTimes(1);
  });

  it('tells nothing to who has stopped listening', () => {
    const aborting = new AbortController();
    const remove = vi.spyOn(aborting.signal, 'removeEventListener');
    const told = vi.fn();
    onAbort(aborting.signal, told)();
    aborting.abort();
    expect(told).not.toHaveBeenCalled();
    expect(remove).toHaveBeenCalledTimes(1);
  });
});

describe('many listeners on one signal', () => {
  it('are no leak to warn of', async () => {
    const warned = vi.fn();
    process.on('warning', warned);
    const { signal } = new AbortController();
    for (let count = 0; count < 20; count += 1) onAbort(signal, () => undefined);
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', warned);
    expect(warned).not.toHaveBeenCalled();
  });
});

describe('untilAborted', () => {
  it('is the source itself without a signal', () => {
    expect(untilAborted(NEVER, undefined)).toBe(NEVER);
  });

  it('ends with the reason, and unsubscribes from the source', async () => {
    const aborting = new AbortController();
    const source = new Subject<number>();
    const observation = observe(untilAborted(source, aborting.signal));
    source.next(1);
    const reason = new Error('enough');
    aborting.abort(reason);
    expect(await observation.failed).toBe(reason);
    expect(observation.values).toEqual([1]);
    expect(source.observed).toBe(false);
  });

  it('does not subscribe when the signal has aborted', async () => {
    const subscribe = vi.fn();
    const source = new Observable<never>(subscribe);
    expect(await observe(untilAborted(source, AbortSignal.abort('before'))).failed).toBe('before');
    expect(subscribe).not.toHaveBeenCalled();
  });

  it.each(['complete', 'unsubscribe'])('stops listening at %s', async (how) => {
    const aborting = new AbortController();
    const remove = vi.spyOn(aborting.signal, 'removeEventListener');
    const observation = observe(untilAborted(how === 'complete' ? of(1) : NEVER, aborting.signal));
    if (how === 'unsubscribe') observation.unsubscribe();
    await observation.ended;
    expect(remove).toHaveBeenCalledTimes(1);
  });
});

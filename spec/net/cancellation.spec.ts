import { describe, expect, it, vi } from 'vitest';
import { abortSignalOf, Canceller } from '../../lib/net/cancellation.js';

describe('Canceller', () => {
  it('aborts once, with the first reason, and tells its listeners in order', () => {
    const canceller = new Canceller();
    const told: string[] = [];
    canceller.addEventListener('abort', () => told.push(`first: ${String(canceller.reason)}`));
    canceller.addEventListener('abort', () => told.push('second'));
    expect(canceller.aborted).toBe(false);
    canceller.abort('enough');
    canceller.abort('again');
    expect(canceller).toMatchObject({ aborted: true, reason: 'enough' });
    expect(told).toEqual(['first: enough', 'second']);
  });

  it('has an AbortError as its reason unless told another', () => {
    const canceller = new Canceller();
    canceller.abort();
    expect(canceller.reason).toMatchObject({ name: 'AbortError' });
  });

  it('forgets a listener that is removed', () => {
    const canceller = new Canceller();
    const listener = vi.fn();
    canceller.addEventListener('abort', listener);
    canceller.removeEventListener('abort', listener);
    canceller.abort();
    expect(listener).not.toHaveBeenCalled();
  });
});

describe('abortSignalOf', () => {
  it('gives an AbortSignal that aborts with it, for the same reason', () => {
    const canceller = new Canceller();
    const signal = abortSignalOf(canceller);
    expect(signal).toBeInstanceOf(AbortSignal);
    expect(signal.aborted).toBe(false);
    canceller.abort('enough');
    expect(signal).toMatchObject({ aborted: true, reason: 'enough' });
    expect(abortSignalOf(canceller)).toMatchObject({ aborted: true, reason: 'enough' });
  });

  it('gives an AbortSignal back as it is', () => {
    const { signal } = new AbortController();
    expect(abortSignalOf(signal)).toBe(signal);
  });
});

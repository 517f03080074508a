import { Subscriber } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { FtpUsageError } from '../../lib/index.js';
import { completeBoth, type TapObserver, tapObserver } from '../../lib/streams/tap-observer.js';

describe('the observer of a tap', () => {
  it('is an observer as it is, and a function is its next', () => {
    const observer = { complete: () => undefined };
    const next = (): void => undefined;
    expect(tapObserver('tap', observer)).toBe(observer);
    expect(tapObserver('tap', next)).toEqual({ next });
  });

  it.each([[undefined], [null], ['text'], [1]])('is not %j, which the error of its operator says', (observer) => {
    const make = (): unknown => tapObserver('tapThis', observer as unknown as TapObserver<string>);
    expect(make).toThrow(FtpUsageError);
    expect(make).toThrow(/^tapThis: the observer must be a function/);
  });
});

describe('the end of both', () => {
  function ending(leave: boolean): string[] {
    const told: string[] = [];
    const below = new Subscriber<unknown>({
      next: () => {},
      error: () => {},
      complete: () => void told.push('stream'),
    });
    const next = (value: string): void => {
      told.push(value);
      if (leave) below.unsubscribe();
    };
    completeBoth({ next, complete: () => void told.push('observer') }, 'last', below);
    return told;
  }

  it('comes to the observer first', () => {
    expect(ending(false)).toEqual(['last', 'observer', 'stream']);
  });

  it('comes to neither where the last value makes the subscriber leave', () => {
    expect(ending(true)).toEqual(['last']);
  });
});

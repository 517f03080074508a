import { concat, NEVER, of, Subject, throwError } from 'rxjs';
import { expect, it } from 'vitest';
import { observe } from './observe.js';

it('records values and completion', async () => {
  const observation = observe(of(1, 2));
  expect(await observation.ended).toBe('complete');
  expect(await observation.settled).toEqual([1, 2]);
  await expect(observation.failed).rejects.toThrow('did not fail');
});

it('records an error, after its values', async () => {
  const cause = new Error('no');
  const observation = observe(
    concat(
      of(1),
      throwError(() => cause),
    ),
  );
  expect(await observation.failed).toBe(cause);
  expect(observation.values).toEqual([1]);
  await expect(observation.settled).rejects.toBe(cause);
});

it('waits for the nth value, past or to come, and not beyond the end', async () => {
  const subject = new Subject<string>();
  const observation = observe(subject);
  const second = observation.nth(2);
  const third = observation.nth(3);
  subject.next('a');
  subject.next('b');
  subject.complete();
  expect(await observation.nth(1)).toBe('a');
  expect(await second).toBe('b');
  await expect(third).rejects.toThrow('ended (complete) after 2 values');
});

it('ends by unsubscribing, also within next, and tears the source down', async () => {
  const subject = new Subject<number>();
  const observation = observe(subject, { next: (_value, self) => self.unsubscribe() });
  subject.next(1);
  subject.next(2);
  expect(observation.end).toBe('unsubscribed');
  expect(observation.values).toEqual([1]);
  expect(subject.observed).toBe(false);
  using unused = observe(NEVER);
  expect(unused.end).toBeUndefined();
});

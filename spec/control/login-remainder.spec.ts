import { describe, expect, it } from 'vitest';
import type { LeaseKind } from '../../lib/control/lane.js';
import { LoginRemainder } from '../../lib/control/login-remainder.js';
import { Canceller } from '../../lib/net/cancellation.js';
import { FakeSession } from '../data/support/fake-session.js';

/** Work of a kind behind a remainder of the login that the spec ends; `told` is what has happened. */
function withRemainder() {
  const told: string[] = [];
  let come: () => void = () => {};
  let lose: (error: Error) => void = () => {};
  const loginRemainder = new LoginRemainder(new FakeSession().real);
  loginRemainder.begin(
    new Promise<void>((resolve, reject) => {
      come = resolve;
      lose = reject;
    }),
  );
  const run = (kind: LeaseKind, signal = new Canceller(), fault?: Error): Promise<void> =>
    loginRemainder
      .run(
        kind,
        async () => {
          told.push('work');
          if (fault !== undefined) throw fault;
        },
        signal,
      )
      .then(
        () => void told.push('over'),
        (error: Error) => void told.push(error.message),
      );
  return { told, loginRemainder, run, come: () => come(), lose: () => lose(new Error('lost')) };
}

/** All that can happen by now has happened. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the remainder of a login', () => {
  it.each(['exclusive', { bytes: 6 }] as const)('is waited for by work of the kind %j', async (kind) => {
    const { told, run, come, loginRemainder } = withRemainder();
    const work = run(kind);
    await turn();
    expect(told).toEqual([]);
    come();
    await work;
    expect([told, loginRemainder.done]).toEqual([['work', 'over'], undefined]);
  });

  it.each(['transfer', 'listing'] as const)('goes on beside a %s, whose lease lasts until it is in', async (kind) => {
    const { told, run, come } = withRemainder();
    const work = run(kind);
    await turn();
    expect(told).toEqual(['work']);
    come();
    await work;
    expect(told).toEqual(['work', 'over']);
  });

  it('starts no work whose subscriber has left meanwhile', async () => {
    const { told, run, come } = withRemainder();
    const signal = new Canceller();
    const work = run({ bytes: 6 }, signal);
    signal.abort();
    come();
    await work;
    expect(told).toEqual(['over']);
  });

  it('that is lost fails what waits for it; a transfer ends as it ends itself', async () => {
    const [waiting, beside] = [withRemainder(), withRemainder()];
    const work = [waiting.run({ bytes: 6 }), beside.run('transfer')];
    await turn();
    waiting.lose();
    beside.lose();
    await Promise.all(work);
    expect([waiting.told, beside.told]).toEqual([['lost'], ['work', 'over']]);
    await expect(waiting.loginRemainder.done).rejects.toThrow('lost');
  });

  it('hides no error of the work', async () => {
    const { told, run, come } = withRemainder();
    const work = run('transfer', new Canceller(), new Error('refused'));
    await turn();
    come();
    await work;
    expect(told).toEqual(['work', 'refused']);
  });

  it('is over for work that comes later, and where none was begun', async () => {
    const { told, run, come } = withRemainder();
    come();
    await turn();
    await run('exclusive');
    expect(told).toEqual(['work', 'over']);
    expect(new LoginRemainder(new FakeSession().real).done).toBeUndefined();
  });
});

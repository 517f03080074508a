/** A runner, with scripts of a few lines. */
import { describe, expect, it, vi } from 'vitest';
import { Runner } from '../../../lib/data/machine/runner.js';
import { type Effect, failed, type Outcome, type Script, send, until } from '../../../lib/data/machine/script.js';

const world = () => ({ isThere: false });

/** Waits for `it`, and tells how the wait has ended. */
function* waiting(it: { isThere: boolean }): Script<Outcome> {
  return (yield until('it', () => it.isThere, 1_000)) ? 'complete' : failed('late');
}

const accepting = (): boolean => true;

/** A runner whose effects `perform` does. */
function runnerOf(script: Script<Outcome>, perform: (effect: Effect) => boolean): Runner<undefined> {
  return new Runner(script, (_, effect) => perform(effect), undefined);
}

describe('a runner', () => {
  it('does nothing before it is started', () => {
    const perform = vi.fn(accepting);
    const runner = runnerOf(sendingTwice(), perform);
    expect([runner.wait, runner.ending, runner.isReady, perform.mock.calls]).toEqual([undefined, undefined, false, []]);
  });

  it('has effects done at once, in order, and ends by the outcome of its script', () => {
    const done: Effect[] = [];
    const runner = runnerOf(sendingTwice(), (effect) => done.push(effect) > 0);
    runner.start();
    expect(done).toEqual([send('ABOR'), send('PWD')]);
    expect(runner.ending).toEqual({ outcome: 'complete' });
  });

  it.each([true, false])('tells its script the answer of an effect: %s', (answer) => {
    const runner = runnerOf(answered(), () => answer);
    runner.start();
    expect(runner.ending).toEqual({ outcome: answer ? 'complete' : 'left' });
  });

  it('passes a wait over that is true already', () => {
    const runner = runnerOf(waiting({ isThere: true }), accepting);
    runner.start();
    expect(runner.ending).toEqual({ outcome: 'complete' });
  });

  it('is ready when its wait has come true and not before, and then goes on', () => {
    const it = world();
    const runner = runnerOf(waiting(it), accepting);
    runner.start();
    expect([runner.wait?.wait, runner.wait?.ms, runner.isReady, runner.ending]).toEqual([
      'it',
      1_000,
      false,
      undefined,
    ]);
    it.isThere = true;
    expect([runner.isReady, runner.ending]).toEqual([true, undefined]);
    runner.resume();
    expect([runner.wait, runner.ending]).toEqual([undefined, { outcome: 'complete' }]);
  });

  it('goes on with false when the time of its wait has passed', () => {
    const runner = runnerOf(waiting(world()), accepting);
    runner.start();
    runner.expire();
    expect(runner.ending).toEqual({ outcome: { failed: 'late' } });
  });

  it('does nothing at its end', () => {
    const runner = runnerOf(waiting({ isThere: true }), accepting);
    runner.start();
    runner.expire();
    runner.lose('late');
    runner.resume();
    runner.start();
    expect([runner.isReady, runner.ending]).toEqual([false, { outcome: 'complete' }]);
  });
});

describe('a runner whose connection is lost', () => {
  it('ends its wait, when it is resumed, by the first cause', () => {
    const runner = runnerOf(waiting(world()), accepting);
    runner.start();
    runner.lose('first');
    runner.lose('second');
    expect([runner.isReady, runner.ending]).toEqual([true, undefined]);
    runner.resume();
    expect(runner.ending).toEqual({ cause: 'first' });
  });

  it('ends by it also when the time passes first', () => {
    const runner = runnerOf(waiting(world()), accepting);
    runner.start();
    runner.lose('gone');
    runner.expire();
    expect(runner.ending).toEqual({ cause: 'gone' });
  });

  it('before a wait ends at that, though it is true', () => {
    const runner: Runner<undefined> = runnerOf(behindAnEffect(), () => {
      runner.lose('gone');
      return true;
    });
    runner.start();
    expect(runner.ending).toEqual({ cause: 'gone' });
  });

  it('lets a script that catches it go on with effects', () => {
    const done: string[] = [];
    const runner = runnerOf(cleaningUp(), (effect) => done.push(effect.do) > 0);
    runner.start();
    runner.lose('gone');
    runner.resume();
    expect([done, runner.ending]).toEqual([['reset'], { outcome: 'left' }]);
  });
});

describe('an effect', () => {
  it('that throws is thrown in the script', () => {
    const runner = runnerOf(cleaningUp(answered()), (effect) => {
      if (effect.do === 'send') throw new Error('not sent');
      return true;
    });
    runner.start();
    expect(runner.ending).toEqual({ outcome: 'left' });
  });

  it('that throws ends a script that does not care', () => {
    const error = new Error('not sent');
    const runner = runnerOf(answered(), () => {
      throw error;
    });
    runner.start();
    expect(runner.ending).toEqual({ cause: error });
  });

  it('may call its runner, which does not begin again', () => {
    const runner: Runner<undefined> = runnerOf(sendingTwice(), () => {
      runner.start();
      runner.resume();
      runner.expire();
      return true;
    });
    runner.start();
    expect(runner.ending).toEqual({ outcome: 'complete' });
  });
});

function* sendingTwice(): Script<Outcome> {
  yield send('ABOR');
  yield send('PWD');
  return 'complete';
}

function* answered(): Script<Outcome> {
  return (yield send('ABOR')) ? 'complete' : 'left';
}

function* behindAnEffect(): Script<Outcome> {
  yield send('ABOR');
  yield until('nothing', () => true);
  return 'complete';
}

function* cleaningUp(within: Script<Outcome> = waiting(world())): Script<Outcome> {
  try {
    return yield* within;
  } catch {
    yield { do: 'reset' };
    return 'left';
  }
}

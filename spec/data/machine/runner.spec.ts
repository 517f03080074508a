/** A runner, with scripts of a few lines. */
import { describe, expect, it, vi } from 'vitest';
import { Runner } from '../../../lib/data/machine/runner.js';
import {
  type Act,
  type Effect,
  failed,
  type Outcome,
  type Part,
  type Script,
  send,
  until,
} from '../../../lib/data/machine/script.js';

const world = () => ({ isThere: false });

/** Waits for `it`, and tells how the wait has ended. */
function* waiting(it: { isThere: boolean }): Script<Outcome> {
  return (yield until('it', () => it.isThere, 1_000)) ? 'complete' : failed('late');
}

const accepting = (): boolean => true;

const refusing: Act = (effect) => {
  if (effect.do === 'send') throw new Error('not sent');
  return true;
};

describe('a runner', () => {
  it('does nothing before it is started', () => {
    const act = vi.fn(accepting);
    const runner = new Runner(() => sendingTwice(act));
    expect([runner.wait, runner.ending, runner.isReady, act.mock.calls]).toEqual([undefined, undefined, false, []]);
  });

  it('has effects done at once, in order, and ends by the outcome of its script', () => {
    const done: Effect[] = [];
    const runner = new Runner(() => sendingTwice((effect) => done.push(effect) > 0));
    runner.start();
    expect(done).toEqual([send('ABOR'), send('PWD')]);
    expect(runner.ending).toEqual({ outcome: 'complete' });
  });

  it.each([true, false])('tells its script the answer of an effect: %s', (answer) => {
    const runner = new Runner(() => answered(() => answer));
    runner.start();
    expect(runner.ending).toEqual({ outcome: answer ? 'complete' : 'left' });
  });

  it('passes a wait over that is true already', () => {
    const runner = new Runner(() => waiting({ isThere: true }));
    runner.start();
    expect(runner.ending).toEqual({ outcome: 'complete' });
  });

  it('is ready when its wait has come true and not before, and then goes on', () => {
    const it = world();
    const runner = new Runner(() => waiting(it));
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
    const runner = new Runner(() => waiting(world()));
    runner.start();
    runner.expire();
    expect(runner.ending).toEqual({ outcome: { failed: 'late' } });
  });

  it('does nothing at its end', () => {
    const runner = new Runner(() => waiting({ isThere: true }));
    runner.start();
    runner.expire();
    runner.lose('late');
    runner.resume();
    runner.start();
    expect([runner.isReady, runner.ending]).toEqual([false, { outcome: 'complete' }]);
  });
});

describe('a runner of a script in parts', () => {
  it('goes on with the part that follows, up to the outcome of the last one', () => {
    const it = world();
    const done: Effect[] = [];
    const runner = new Runner(() => inParts((effect) => done.push(effect) > 0, it));
    runner.start();
    expect([runner.wait?.wait, runner.ending, done]).toEqual(['it', undefined, [send('ABOR')]]);
    it.isThere = true;
    runner.resume();
    expect([runner.wait, runner.ending, done]).toEqual([undefined, { outcome: 'complete' }, [send('ABOR')]]);
  });

  it('tells the part that waits when its time has passed', () => {
    const runner = new Runner(() => inParts(accepting, world()));
    runner.start();
    runner.expire();
    expect(runner.ending).toEqual({ outcome: { failed: 'late' } });
  });

  it('ends a part that begins behind a loss at its first wait, not before', () => {
    const done: Effect[] = [];
    const runner: Runner = new Runner(() =>
      inParts(
        (effect) => {
          runner.lose('gone');
          return done.push(effect) > 0;
        },
        { isThere: true },
      ),
    );
    runner.start();
    expect([runner.ending, done]).toEqual([{ cause: 'gone' }, [send('ABOR')]]);
  });
});

describe('a runner whose connection is lost', () => {
  it('ends its wait, when it is resumed, by the first cause', () => {
    const runner = new Runner(() => waiting(world()));
    runner.start();
    runner.lose('first');
    runner.lose('second');
    expect([runner.isReady, runner.ending]).toEqual([true, undefined]);
    runner.resume();
    expect(runner.ending).toEqual({ cause: 'first' });
  });

  it('ends by it also when the time passes first', () => {
    const runner = new Runner(() => waiting(world()));
    runner.start();
    runner.lose('gone');
    runner.expire();
    expect(runner.ending).toEqual({ cause: 'gone' });
  });

  it('before a wait ends at that, though it is true', () => {
    const runner: Runner = new Runner(() =>
      behindAnEffect(() => {
        runner.lose('gone');
        return true;
      }),
    );
    runner.start();
    expect(runner.ending).toEqual({ cause: 'gone' });
  });

  it('lets a script that catches it go on with effects', () => {
    const done: string[] = [];
    const runner = new Runner(() => cleaningUp((effect) => done.push(effect.do) > 0));
    runner.start();
    runner.lose('gone');
    runner.resume();
    expect([done, runner.ending]).toEqual([['reset'], { outcome: 'left' }]);
  });
});

describe('an effect', () => {
  it('that throws is thrown in the script', () => {
    const runner = new Runner(() => cleaningUp(refusing, behindAnEffect(refusing)));
    runner.start();
    expect(runner.ending).toEqual({ outcome: 'left' });
  });

  it('that throws ends a script that does not care', () => {
    const error = new Error('not sent');
    const runner = new Runner(() =>
      answered(() => {
        throw error;
      }),
    );
    runner.start();
    expect(runner.ending).toEqual({ cause: error });
  });

  it('may call its runner, which does not begin again', () => {
    const runner: Runner = new Runner(() =>
      sendingTwice(() => {
        runner.start();
        runner.resume();
        runner.expire();
        return true;
      }),
    );
    runner.start();
    expect(runner.ending).toEqual({ outcome: 'complete' });
  });
});

function sendingTwice(act: Act): Outcome {
  act(send('ABOR'));
  act(send('PWD'));
  return 'complete';
}

function answered(act: Act): Outcome {
  return act(send('ABOR')) ? 'complete' : 'left';
}

function* behindAnEffect(act: Act): Script<Outcome> {
  act(send('ABOR'));
  yield until('nothing', () => true);
  return 'complete';
}

function* cleaningUp(act: Act, within: Script<Outcome> = waiting(world())): Script<Outcome> {
  try {
    return yield* within;
  } catch {
    act({ do: 'reset' });
    return 'left';
  }
}

/** Waits for nothing, sends, and goes on by waiting. */
function* inParts(act: Act, it: { isThere: boolean }): Part {
  yield until('nothing', () => true);
  act(send('ABOR'));
  return waiting(it);
}

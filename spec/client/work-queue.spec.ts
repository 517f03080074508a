import { describe, expect, it } from 'vitest';
import { type ChangingSession, type QueuedWork, type TransferTurns, WorkQueue } from '../../lib/client/work-queue.js';
import type { LeaseKind } from '../../lib/control/lane.js';

interface Named extends QueuedWork {
  readonly name: string;
}

const never = async (): Promise<void> => {};
const session = (): ChangingSession => ({ user: {} }) as ChangingSession;

let orders = 0;
function work(name: string, kind: LeaseKind = 'exclusive'): Named {
  orders += 1;
  return {
    name,
    order: orders,
    task: { kind, work: never, ...(name.startsWith('cwd') ? { changes: () => true } : {}) },
  };
}

/** One session, on which nothing overtakes. */
const ONE: TransferTurns = { running: 0, mayBePassed: false, most: () => Number.POSITIVE_INFINITY };

function queueWith(
  turns: TransferTurns,
  all: readonly Named[],
  isHeldUp: (work: Named) => boolean = () => false,
): WorkQueue<Named> {
  const queue = new WorkQueue<Named>({ isChange: ({ changes }) => changes !== undefined, isHeldUp, turns });
  for (const each of all) queue.add(each);
  return queue;
}

const queueOf = (...all: readonly Named[]): WorkQueue<Named> => queueWith(ONE, all);

/** Names that begin with t are transfers. */
const worksOf = (names: string): Named[] =>
  names.split(' ').map((name) => work(name, name.startsWith('t') ? 'transfer' : 'exclusive'));

/** Takes what may start, in this order, each by a session of its own. */
function taken(queue: WorkQueue<Named>): string[] {
  const names: string[] = [];
  for (let next = queue.next; next !== undefined; next = queue.next) {
    names.push(next.name);
    queue.take(next, session());
  }
  return names;
}

describe('the work that waits', () => {
  it('starts in the order in which it came', () => {
    const queue = queueOf(work('a'), work('b', { bytes: 5 }), work('c', 'transfer'));
    expect(queue.nextKind).toBe('exclusive');
    expect(taken(queue)).toEqual(['a', 'b', 'c']);
    expect([queue.size > 0, queue.nextKind]).toEqual([false, undefined]);
  });

  it('may start at once only if none of its kind waits before it, or if an upload waits for it', () => {
    const queue = queueOf();
    const all = [...worksOf('t1 a t2 b'), { ...work('t3', 'transfer'), feedsUpload: true }];
    expect(all.map((each) => queue.add(each))).toEqual([true, true, false, false, true]);
  });

  it('is gone when it is given up, which can be told once', () => {
    const [a, b] = [work('a'), work('b')];
    const queue = queueOf(a, b);
    expect([queue.remove(a), queue.remove(a)]).toEqual([true, false]);
    expect(taken(queue)).toEqual(['b']);
    expect(queue.remove(b)).toBe(false);
  });

  it('comes back to its old place', () => {
    const [a, b, c] = [work('a'), work('b'), work('c')];
    const queue = queueOf(a, c);
    queue.putBack(b);
    queue.take(a, session());
    queue.putBack(a);
    expect(taken(queue)).toEqual(['a', 'b', 'c']);
  });

  it('is drained at once', () => {
    const queue = queueOf(work('a'), work('b'));
    expect(queue.drain().map(({ name }) => name)).toEqual(['a', 'b']);
    expect(queue.size > 0).toBe(false);
  });
});

describe('a change of the state', () => {
  it('holds up what came later, until it is made', () => {
    const queue = queueOf(work('a'), work('cwd'), work('b'));
    expect(taken(queue)).toEqual(['a', 'cwd']);
    expect(queue.size > 0).toBe(true);
  });

  it.each([
    ['is made over its session', (queue: WorkQueue<Named>, by: ChangingSession) => queue.changedBy(by.user)],
    ['is over, however it ended', (queue: WorkQueue<Named>, by: ChangingSession) => queue.freed(by)],
  ])('lets go when it %s', (_how, end) => {
    const change = work('cwd');
    const queue = queueOf(change, work('b'));
    const by = session();
    queue.take(change, by);
    queue.freed(session());
    expect(queue.changedBy(session().user)).toBeUndefined();
    expect([queue.next, queue.startable(5)]).toEqual([undefined, 0]);
    end(queue, by);
    expect(queue.next?.name).toBe('b');
  });
});

describe('how many new sessions the work could use', () => {
  it.each<[readonly string[], number, number]>([
    [[], 5, 0],
    [['a', 'b'], 5, 2],
    [['a', 'b'], 1, 1],
    [['a', 'b'], -1, 0],
    [['cwd', 'b'], 5, 1],
    [['a', 'cwd', 'b'], 5, 2],
    [['a', 'cwd', 'b'], 1, 1],
  ])('%j on %d: %d', (names, sessions, expected) => {
    expect(queueOf(...names.map((name) => work(name))).startable(sessions)).toBe(expected);
  });
});

describe('with several sessions', () => {
  /** So many transfers run, and so many may. */
  const several = (running: number, most = 9): TransferTurns => ({ running, mayBePassed: true, most: () => most });

  it.each([
    { names: 't a', turns: ONE, first: 't' },
    { names: 't a', turns: several(0), first: 't' },
    { names: 't a', turns: several(1), first: 'a' },
    { names: 'a t', turns: several(0), first: 'a' },
    { names: 't1 t2 a b', turns: several(1), first: 'a' },
    { names: 't cwd a', turns: several(1), first: 't' },
    { names: 'cwd t a', turns: several(1), first: 'cwd' },
    { names: 't', turns: several(1, 2), first: 't' },
    { names: 't', turns: several(2, 2), first: undefined },
    { names: 't a', turns: several(2, 2), first: 'a' },
    { names: 't cwd a', turns: several(2, 2), first: 't' },
    { names: 't', turns: { ...ONE, running: 2 }, first: 't' },
  ])('of "$names" with $turns.running transfers running, $first starts first', ({ names, turns, first }) => {
    const queue = queueWith(turns, worksOf(names));
    expect(queue.next?.name).toBe(first);
    expect(queue.holdsBack).toBe(first === undefined);
  });

  it('the work that starts when a transfer ends is another transfer, where nothing else waits', () => {
    expect(queueWith(several(2, 2), worksOf('t')).nextKind).toBe('transfer');
    expect(queueWith(several(2, 2), worksOf('t a')).nextKind).toBe('exclusive');
  });

  it.each([
    { names: 't1 t2 t3', running: 0, most: 2, sessions: 9, expected: 2 },
    { names: 't1 t2 t3 a', running: 1, most: 2, sessions: 9, expected: 2 },
    { names: 't1 t2 cwd a', running: 2, most: 2, sessions: 9, expected: 3 },
    { names: 'a t1 b cwd c', running: 2, most: 2, sessions: 9, expected: 4 },
    { names: 'a t1 b', running: 0, most: 9, sessions: 2, expected: 2 },
  ])('"$names" can use $expected new ones of $sessions', ({ names, running, most, sessions, expected }) => {
    expect(queueWith(several(running, most), worksOf(names)).startable(sessions)).toBe(expected);
  });

  it('a transfer that feeds an upload is not held back', () => {
    const [t1] = worksOf('t1') as [Named];
    const queue = queueWith(several(1, 1), [{ ...t1, feedsUpload: true }]);
    expect([queue.holdsBack, queue.startable(3), queue.next?.name]).toEqual([false, 1, 't1']);
    expect(queueWith(several(1, 1), [t1]).next).toBeUndefined();
  });

  it('a transfer that feeds an upload comes before other transfers, and after what feeds one already', () => {
    const [t1, t2, t3] = worksOf('t1 t2 t3') as [Named, Named, Named];
    const queue = queueWith(several(0), [t1, { ...t2, feedsUpload: true }, { ...t3, feedsUpload: true }]);
    expect(taken(queue)).toEqual(['t2', 't3', 't1']);
  });

  it('a transfer that feeds an upload passes no change, nor what that waits for', () => {
    const [t1, cwd, t2] = worksOf('t1 cwd t2') as [Named, Named, Named];
    const queue = queueWith(several(0), [t1, cwd, { ...t2, feedsUpload: true }]);
    expect(taken(queue)).toEqual(['t1', 'cwd']);
  });

  it('transfers come back to their place among transfers', () => {
    const [t1, t2, a] = worksOf('t1 t2 a');
    const queue = queueWith(several(0), [t2, a] as Named[]);
    queue.putBack(t1 as Named);
    expect(queue.drain().map(({ name }) => name)).toEqual(['t1', 't2', 'a']);
  });
});

describe('work that is held up', () => {
  const SEVERAL: TransferTurns = { running: 1, mayBePassed: true, most: () => 2 };

  it('does not start, and keeps back what came after it', () => {
    let holds = true;
    const all = worksOf('a b');
    const queue = queueWith(ONE, all, () => holds);
    expect([queue.next, queue.nextKind, queue.startable(3)]).toEqual([undefined, undefined, 0]);
    holds = false;
    expect(taken(queue)).toEqual(['a', 'b']);
  });

  it('does not keep back a transfer that came before it', () => {
    const queue = queueWith(SEVERAL, worksOf('t1 a'), ({ name }) => name === 'a');
    expect(queue.next?.name).toBe('t1');
  });

  it('keeps back a transfer that came after it', () => {
    const queue = queueWith(SEVERAL, worksOf('a t1'), () => true);
    expect(queue.next).toBeUndefined();
  });
});

describe('work that feeds an upload', () => {
  it('is known while it waits', () => {
    const [read, size] = ['t1', 'a'].map((name) => ({ ...work(name), feedsUpload: true })) as [Named, Named];
    const queue = queueWith(ONE, [read, size, work('b')]);
    expect([...queue.feeding]).toEqual([read, size]);
    queue.take(read, session());
    expect([...queue.feeding]).toEqual([size]);
    queue.putBack(read);
    queue.remove(size);
    expect([...queue.feeding]).toEqual([read]);
    queue.drain();
    expect(queue.feeding.size).toBe(0);
  });
});

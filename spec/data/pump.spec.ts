/** A pump between a source and a data connection that the spec holds in its hands. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type Facts, newFacts, record } from '../../lib/data/machine/facts.js';
import type { TransferEvent } from '../../lib/data/machine/script.js';
import { Pump } from '../../lib/data/pump.js';
import type { Transfer } from '../../lib/data/transfer.js';

const KIB = 1024;
const kind = { direction: 'upload', isListing: false, isSecure: false, withoutPwd: false } as const;

interface Given {
  readonly error?: Error;
  readonly late?: Promise<Uint8Array | undefined>;
  readonly releasesMemory?: boolean;
  /** The source is compressed. */
  readonly fileBytes?: (chunk: Uint8Array) => number;
}

/** A pump that has started over `chunks`; `error`, or what `late` becomes, follows them where it is given. */
async function pumping(chunks: readonly Uint8Array[], { error, late, releasesMemory = true, fileBytes }: Given = {}) {
  const facts: Facts = newFacts(kind);
  const told: string[] = [];
  const counts: number[] = [];
  const given: Uint8Array[] = [];
  const writes: { readonly piece: Uint8Array; readonly left: () => void }[] = [];
  const left = [...chunks];
  const ends: (() => void)[] = [];
  let unsent = 0;
  let unsentWrites = 0;
  const source = {
    next: async () => {
      if (left.length === 0 && error !== undefined) throw error;
      return left.shift() ?? late;
    },
    giveBack: (chunk: Uint8Array) => void given.push(chunk),
    cancel: () => {},
    ...(fileBytes === undefined ? {} : { fileBytes }),
  };
  const data = {
    releasesMemory,
    get unsentBytes() {
      return unsent;
    },
    get unsentWrites() {
      return unsentWrites;
    },
    write(piece: Uint8Array, leave: () => void) {
      unsent += piece.length;
      unsentWrites += 1;
      const gone = (): void => {
        unsent -= piece.length;
        unsentWrites -= 1;
        leave();
      };
      writes.push({ piece, left: gone });
    },
    finish(_roundTripMs: number, finished: () => void) {
      told.push('finish');
      ends.push(finished);
    },
  };
  const stall = { start: () => {}, stop: () => void told.push('stop stall'), moved: () => void told.push('moves on') };
  const dispatch = (event: TransferEvent): void => {
    told.push(event.type);
    record(facts, event);
  };
  const held: string[] = [];
  const holding = { hold: () => void held.push('hold'), release: () => void held.push('release') };
  const counters = { bytes: 0, wireBytes: 0, compressed: fileBytes !== undefined };
  const session = { roundTripMs: 0, askSource: (ask: () => unknown) => ask() };
  const fake = { ...counters, data, facts, session, deadlines: { stall, holding }, dispatch };
  const transfer = fake as unknown as Transfer;
  const pump = new Pump(source, (bytes) => counts.push(bytes));
  pump.transfer = transfer;
  pump.start();
  await nextTurn();
  return { pump, transfer, facts, told, counts, given, writes, left, held, ends, dispatch };
}

/** A source that is silent until it is told what to give. */
function lateSource() {
  let tell: (chunk: Uint8Array | undefined) => void = () => {};
  const late = new Promise<Uint8Array | undefined>((resolve) => {
    tell = resolve;
  });
  return { late, tell };
}

const sizes = ({ writes }: { readonly writes: readonly { readonly piece: Uint8Array }[] }): number[] =>
  writes.map(({ piece }) => piece.length);

describe('an upload', () => {
  it('is all sent when its last byte has left, not when it was written', async () => {
    const at = await pumping([new Uint8Array(3), new Uint8Array(4)]);
    expect([sizes(at), at.told, at.counts, at.transfer.bytes]).toEqual([[3, 4], ['finish'], [], 0]);
    at.writes[0]?.left();
    expect([at.told, at.counts]).toEqual([['finish', 'moves on', 'moved'], [3]]);
    at.writes[1]?.left();
    expect([at.told.slice(3), at.counts, at.transfer.bytes]).toEqual([['stop stall', 'all-sent'], [3, 7], 7]);
  });

  it('that is compressed counts the bytes of the file, when the last piece of a chunk has left', async () => {
    const chunk = new Uint8Array(200 * KIB);
    const at = await pumping([chunk, new Uint8Array(6)], { fileBytes: (given) => (given === chunk ? 900 * KIB : 0) });
    expect(sizes(at)).toEqual([128 * KIB, 72 * KIB, 6]);
    for (const { left } of at.writes) left();
    expect(at.counts).toEqual([0, 900 * KIB, 900 * KIB]);
    expect([at.transfer.bytes, at.transfer.wireBytes]).toEqual([900 * KIB, 200 * KIB + 6]);
  });

  it('of nothing is all sent at once', async () => {
    expect((await pumping([])).told).toEqual(['finish', 'all-sent']);
  });

  it('fails by its source, without the end of the file', async () => {
    const at = await pumping([], { error: new Error('disk') });
    expect([at.told, at.facts.sourceError]).toEqual([['source-error'], { error: new Error('disk') }]);
  });

  it('counts, but tells nobody who has left', async () => {
    const at = await pumping([new Uint8Array(3)]);
    at.dispatch({ type: 'cancel' });
    at.writes[0]?.left();
    expect([at.transfer.bytes, at.counts]).toEqual([3, []]);
  });

  it('that is over writes no more, and no end of the file', async () => {
    const at = await pumping([new Uint8Array(256 * KIB), new Uint8Array(1)]);
    at.dispatch({ type: 'stalled' });
    at.pump.stop();
    await nextTurn();
    expect([sizes(at), at.told]).toEqual([[128 * KIB, 128 * KIB], ['stalled']]);
    // It has gone on behind the full socket, up to its own end.
    expect(at.left.length).toBe(0);
  });

  it.each([
    ['a chunk', new Uint8Array(1)],
    ['its end', undefined],
  ])('that is over while its source is asked takes no notice of %s', async (_what, chunk) => {
    const { late, tell } = lateSource();
    const at = await pumping([], { late });
    at.dispatch({ type: 'stalled' });
    at.pump.stop();
    tell(chunk);
    await nextTurn();
    expect([at.writes, at.told]).toEqual([[], ['stalled']]);
  });

  it('whose control connection is lost while its source is asked does not blame the source', async () => {
    const { late, tell } = lateSource();
    const at = await pumping([], { late });
    at.pump.transfer = undefined;
    Object.assign(at.transfer, { data: undefined, deadlines: undefined, session: undefined });
    tell(new Uint8Array(1));
    await nextTurn();
    expect([at.writes, at.told]).toEqual([[], []]);
  });
});

describe('an upload whose last bytes are under way', () => {
  it('may be over before they have left: its memory comes back, and no more is counted', async () => {
    const at = await pumping([new Uint8Array(5), new Uint8Array(6)]);
    at.writes[0]?.left();
    at.pump.transfer = undefined;
    Object.assign(at.transfer, { data: undefined, deadlines: undefined });
    expect(() => at.writes[1]?.left()).not.toThrow();
    expect([at.given.length, at.transfer.bytes, at.counts]).toEqual([2, 5, [5]]);
  });
});

describe('an upload whose end is under way', () => {
  it('may be over before its socket says so', async () => {
    const at = await pumping([new Uint8Array(1)]);
    expect(at.told).toContain('finish');
    at.pump.transfer = undefined;
    Object.assign(at.transfer, { data: undefined, deadlines: undefined });
    for (const end of at.ends) expect(end).not.toThrow();
    expect(at.ends).toHaveLength(1);
  });
});

describe('the source', () => {
  it('waits while 256 KiB wait for the socket, and goes on when some have left', async () => {
    const at = await pumping([new Uint8Array(300 * KIB), new Uint8Array(1)]);
    expect([sizes(at), at.left.length]).toEqual([[128 * KIB, 128 * KIB], 1]);
    at.writes[0]?.left();
    await nextTurn();
    expect(sizes(at)).toEqual([128 * KIB, 128 * KIB, 44 * KIB, 1]);
  });

  it('waits while 256 tiny chunks do', async () => {
    const at = await pumping(Array.from({ length: 300 }, () => new Uint8Array(1)));
    expect([at.writes.length, at.left.length]).toEqual([256, 44]);
    at.writes[0]?.left();
    await nextTurn();
    expect(at.writes.length).toBe(257);
  });

  it('holds the transfer while it is asked', async () => {
    const { late, tell } = lateSource();
    const at = await pumping([new Uint8Array(1)], { late });
    expect(at.held).toEqual(['hold', 'release', 'hold']);
    tell(undefined);
    await nextTurn();
    expect(at.held).toEqual(['hold', 'release', 'hold', 'release']);
  });

  it('gets a chunk back when all pieces of it have left', async () => {
    const chunk = new Uint8Array(129 * KIB);
    const at = await pumping([chunk]);
    at.writes[0]?.left();
    expect(at.given).toEqual([]);
    at.writes[1]?.left();
    expect(at.given[0]).toBe(chunk);
  });

  it('gets none back of a stream that may keep them', async () => {
    const at = await pumping([new Uint8Array(1)], { releasesMemory: false });
    at.writes[0]?.left();
    expect(at.given).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { drain, type MoveEnd, receiveAll, sendAll } from '../../lib/testing/data-moves.js';
import { readToEnd } from '../support/raw-client.js';
import { socketPair } from './support/socket-pair.js';

const chunks = ['abc', '', 'def'].map((text) => Buffer.from(text));

const cases: readonly [limit: number | undefined, end: MoveEnd, moved: string][] = [
  [undefined, 'end', 'abcdef'],
  [0, 'limit', ''],
  [2, 'limit', 'ab'],
  [3, 'limit', 'abc'],
  [4, 'limit', 'abcd'],
  [99, 'limit', 'abcdef'],
];

describe('sendAll', () => {
  it.each(cases)('with the limit %s: %s, "%s"', async (limit, end, moved) => {
    using pair = await socketPair();
    expect(await sendAll(pair.near, chunks, limit)).toBe(end);
    pair.near.end();
    expect((await readToEnd(pair.far)).toString()).toBe(moved);
  });

  it('takes no more chunks than the peer reads, and ends with it', async () => {
    using pair = await socketPair();
    let taken = 0;
    function* endless(): Generator<Uint8Array> {
      for (;;) {
        taken += 1;
        yield new Uint8Array(65_536);
      }
    }
    const sending = sendAll(pair.near, endless(), undefined);
    for (let before = -1; before !== taken; ) {
      before = taken;
      for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(taken).toBeLessThan(1000);
    pair.far.resetAndDestroy();
    expect(await sending).toBe('gone');
  });
});

describe('receiveAll', () => {
  it.each(cases)('with the limit %s: %s, "%s"', async (limit, end, moved) => {
    using pair = await socketPair();
    const received: Uint8Array[] = [];
    for (const chunk of chunks) pair.far.write(chunk);
    pair.far.end();
    expect(await receiveAll(pair.near, (chunk) => received.push(chunk), limit)).toBe(end);
    expect(Buffer.concat(received).toString()).toBe(moved);
  });

  it('ends with the connection', async () => {
    using pair = await socketPair();
    const receiving = receiveAll(pair.near, () => {}, undefined);
    pair.far.resetAndDestroy();
    expect(await receiving).toBe('gone');
  });
});

describe('drain', () => {
  it('reads to the end, or to the end of the connection', async () => {
    using whole = await socketPair();
    whole.far.end('all');
    await drain(whole.near);
    expect(whole.near.readableEnded).toBe(true);
    await drain(whole.near);
    using broken = await socketPair();
    broken.far.write('a part');
    const draining = drain(broken.near);
    broken.far.resetAndDestroy();
    await draining;
  });
});

/** Checks the removal of TLS: its last records are dropped in any pieces, and the text behind them is passed on. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LateFarewell } from '../../lib/net/late-farewell.js';
import { Wire } from '../control/support/wire.js';

const record = (type: number, length: number): Buffer =>
  Buffer.concat([Buffer.from([type, 3, 3, length >> 8, length & 0xff]), Buffer.alloc(length, type)]);

/** What is read of these chunks. */
async function readOf(chunks: readonly Buffer[]): Promise<string> {
  const raw = new Wire();
  const socket = new LateFarewell(raw);
  let seen = '';
  socket.on('data', (chunk: Buffer) => {
    seen += chunk.toString('latin1');
  });
  for (const chunk of chunks) raw.emit('data', chunk);
  await nextTurn();
  socket.destroy();
  return seen;
}

function cutAt(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((one, other) => one - other);
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

describe('a late farewell', () => {
  it.each<[string, Buffer[]]>([
    ['nothing', []],
    ['an alert', [record(21, 2)]],
    ['an alert of TLS 1.3', [record(23, 19)]],
    ['a ticket and an alert', [record(23, 250), record(23, 19)]],
    ['an empty record', [record(23, 0)]],
  ])('of %s is dropped, and all that follows is read', async (_what, records) => {
    expect(await readOf([...records, Buffer.from('200 \x15\x17 ok\r\n'), record(21, 2)])).toBe(
      `200 \x15\x17 ok\r\n${record(21, 2).toString('latin1')}`,
    );
  });

  it('may be cut anywhere', async () => {
    const bytes = Buffer.concat([record(23, 300), record(21, 2), Buffer.from('200 ok\r\n')]);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(), { maxLength: 12 }), async (places) => {
        expect(await readOf(cutAt(bytes, places))).toBe('200 ok\r\n');
      }),
    );
  });

  it('hands on what is written, and ends with the connection', async () => {
    const raw = new Wire();
    const socket = new LateFarewell(raw);
    socket.write('NOOP\r\n');
    expect(raw.sent).toBe('NOOP\r\n');
    socket.destroy();
    expect(raw.destroyed).toBe(true);
  });
});

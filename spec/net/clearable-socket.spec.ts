/** The layer that TLS can be taken off of; its raw end is a duplex in memory. */
import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ClearableSocket } from '../../lib/net/clearable-socket.js';
import { Wire } from '../control/support/wire.js';

function layered(): { raw: Wire; layer: ClearableSocket; seen: string[] } {
  const raw = new Wire();
  const layer = new ClearableSocket(raw);
  const seen: string[] = [];
  layer.on('data', (chunk: Buffer) => seen.push(chunk.toString()));
  return { raw, layer, seen };
}

const listeners = (raw: Wire): number[] => ['data', 'end', 'error', 'close'].map((event) => raw.listenerCount(event));

describe('a clearable socket', () => {
  it('hands on both ways', async () => {
    const { raw, layer, seen } = layered();
    layer.write('up');
    raw.receive('down');
    await nextTurn();
    expect([raw.sent, seen]).toEqual(['up', ['down']]);
    layer.destroy();
    expect(raw.destroyed).toBe(true);
  });

  it('pauses the connection while nothing reads, and resumes it then', () => {
    const raw = new Wire();
    const layer = new ClearableSocket(raw);
    raw.receive('x'.repeat(layer.readableHighWaterMark - 1));
    expect(raw.isPaused()).toBe(false);
    raw.receive('x');
    expect(raw.isPaused()).toBe(true);
    layer.read();
    expect(raw.isPaused()).toBe(false);
    layer.destroy();
  });

  it('ends, and breaks, with its connection', async () => {
    const [ended, broken] = [layered(), layered()];
    const end = once(ended.layer, 'end');
    ended.raw.emit('end');
    await end;
    expect(ended.layer.writable).toBe(true);
    ended.layer.destroy();
    const fault = new Error('reset');
    const error = once(broken.layer, 'error');
    broken.raw.destroy(fault);
    expect(await error).toEqual([fault]);
    expect(broken.layer.destroyed).toBe(true);
  });

  it('closes with a connection that closes without an end', async () => {
    const { raw, layer } = layered();
    const closed = once(layer, 'close');
    raw.destroy();
    await closed;
    expect(layer.destroyed).toBe(true);
  });
});

describe('TLS that is taken off', () => {
  it('leaves the connection behind: open, paused, without a listener, with the bytes that come next', async () => {
    const { raw, layer, seen } = layered();
    layer.spare();
    layer.end();
    await once(layer, 'finish');
    expect(raw.writableEnded).toBe(false);
    raw.receive('last');
    expect(layer.detach()).toBe(raw);
    await nextTurn();
    expect([raw.destroyed, raw.isPaused(), listeners(raw)]).toEqual([false, true, [0, 0, 0, 0]]);
    layer.destroy();
    expect(layer.detach()).toBe(raw);
    raw.receive('in clear');
    await nextTurn();
    expect([seen, raw.destroyed]).toEqual([['last'], false]);
    raw.destroy();
  });

  it('does not end the connection when TLS ends itself first', () => {
    const { raw, layer } = layered();
    layer.spare();
    layer.destroy();
    expect(raw.destroyed).toBe(false);
    raw.destroy();
  });
});

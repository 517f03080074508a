import { constants, deflateRawSync, deflateSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { type FileReceiver, Inflater } from '../../lib/data/inflater.js';
import type { TransferEvent } from '../../lib/data/machine/script.js';
import type { Transfer } from '../../lib/data/transfer.js';
import { byteByByte, whole } from '../support/chunks.js';
import { Random } from '../support/random.js';

/** A receiver of the file, and a transfer that writes down what it is told. */
class Receiver implements FileReceiver {
  readonly chunks: Buffer[] = [];
  readonly told: string[] = [];
  readonly events: TransferEvent[] = [];
  readonly memory = new Uint8Array(8);
  facts = { cancelled: false, enough: false, moved: false };
  wireBytes = 0;
  compressed = true;
  isOver = false;
  onChunk: () => void = () => {};
  readonly deadlines = { stall: { moved: () => {} } };
  readonly user: { readonly applied: { mode?: string } } = { applied: {} };
  readonly session = {
    channel: { moved: () => void this.told.push('channel moved') },
    user: this.user,
    fallBack: (what: string, to: string) => void this.told.push(`${to} for ${what}`),
  };
  isWireHeld = false;
  readonly pause = (): void => void this.told.push('pause');
  readonly resume = (): void => void this.told.push('resume');

  get transfer(): Transfer | undefined {
    return this.isOver ? undefined : (this as unknown as Transfer);
  }

  get bytes(): Buffer {
    return Buffer.concat(this.chunks);
  }

  holdWire(): void {
    if (!this.isWireHeld) this.told.push('hold wire');
    this.isWireHeld = true;
  }

  releaseWire(): void {
    if (this.isWireHeld) this.told.push('release wire');
    this.isWireHeld = false;
  }

  dispatch(event: TransferEvent): void {
    this.events.push(event);
    if (event.type === 'moved') this.facts = { ...this.facts, moved: true };
  }

  buffer(): Uint8Array {
    return this.memory;
  }

  write(chunk: Uint8Array): void {
    this.chunks.push(Buffer.from(chunk));
    this.onChunk();
  }
}

const opened: Inflater[] = [];

afterEach(() => {
  for (const inflater of opened.splice(0)) inflater.close();
});

function inflating(): { receiver: Receiver; inflater: Inflater } {
  const receiver = new Receiver();
  const inflater = new Inflater(receiver);
  opened.push(inflater);
  return { receiver, inflater };
}

/** The end of the data connection: the fault that it is told with, where there is one. */
const end = (inflater: Inflater): Promise<Error | undefined> => new Promise((resolve) => inflater.end(resolve));

/** Resolves when so many bytes were handed on. */
function handedOn(receiver: Receiver, bytes: number): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (receiver.bytes.length >= bytes) resolve();
    };
    receiver.onChunk = look;
    look();
  });
}

const text = Buffer.from('a text of some words, and of some words more');
const flushed = deflateSync(text, { finishFlush: constants.Z_SYNC_FLUSH });

describe('Inflater', () => {
  it.each([
    ['whole', whole],
    ['byte by byte', byteByByte],
  ])('hands on the bytes of the file, then the end, %s', async (_how, chop) => {
    const { receiver, inflater } = inflating();
    const wire = deflateSync(text);
    for (const chunk of chop(wire)) inflater.write(chunk);
    expect(await end(inflater)).toBeUndefined();
    expect(receiver.bytes).toEqual(text);
    expect(receiver.wireBytes).toBe(wire.length);
    expect(receiver.told).toEqual(['channel moved']);
    expect(receiver.events).toEqual([{ type: 'moved' }]);
  });

  it('reads into memory of its own, of which no byte is written again', () => {
    const { receiver, inflater } = inflating();
    expect(inflater.buffer().buffer).not.toBe(receiver.memory.buffer);
    receiver.compressed = false;
    expect(inflater.buffer()).toBe(receiver.memory);
  });

  it('passes all on in another mode, and the end at once', async () => {
    const { receiver, inflater } = inflating();
    receiver.compressed = false;
    inflater.write(text);
    expect(receiver.bytes).toEqual(text);
    expect(await end(inflater)).toBeUndefined();
    expect(receiver.wireBytes).toBe(0);
  });

  it('tells of a stream that is cut, at each of its bytes, and hands on what came', async () => {
    const wire = deflateSync(text);
    for (let cut = 0; cut < wire.length; cut += 1) {
      const { receiver, inflater } = inflating();
      if (cut > 0) inflater.write(wire.subarray(0, cut));
      const fault = await end(inflater);
      expect(fault, `cut at ${cut}`).toMatchObject({ code: 'ERR_FTP_PROTOCOL', transient: true });
      expect(fault?.message).toContain('has no end');
      expect(text.subarray(0, receiver.bytes.length)).toEqual(receiver.bytes);
    }
  });

  it('tells of bytes behind the end of the stream, with it or later', async () => {
    const together = inflating();
    together.inflater.write(Buffer.concat([deflateSync(text), Buffer.from('more')]));
    const first = await end(together.inflater);
    expect(first?.message).toContain('4 bytes or more came behind its end');

    const later = inflating();
    later.inflater.write(deflateSync(text));
    await handedOn(later.receiver, text.length);
    const told = new Promise((resolve) => {
      const { dispatch } = later.receiver;
      later.receiver.dispatch = (event) => {
        dispatch.call(later.receiver, event);
        resolve(event);
      };
    });
    later.inflater.write(Buffer.from('x'));
    expect(await told).toMatchObject({ type: 'data-error', isAttack: false, error: { transient: false } });
    expect(later.receiver.bytes).toEqual(text);
  });

  it('tells of another format, which the next transfer does without', async () => {
    for (const wire of [Buffer.from('this is no stream at all'), deflateRawSync(text)]) {
      const { receiver, inflater } = inflating();
      inflater.write(wire);
      const fault = await end(inflater);
      expect(fault).toMatchObject({ code: 'ERR_FTP_PROTOCOL', transient: true });
      expect(receiver.told).toContain('MODE S for MODE Z');
      const asked = inflating();
      asked.receiver.user.applied.mode = 'Z';
      asked.inflater.write(wire);
      expect(await end(asked.inflater)).toMatchObject({ transient: false });
      expect(asked.receiver.told).not.toContain('MODE S for MODE Z');
    }
  });

  it.each([
    ['a wrong checksum', Buffer.concat([deflateSync(text).subarray(0, -1), Buffer.from([0xff])]), 'data check'],
    ['garbage behind good blocks', Buffer.concat([flushed, Buffer.alloc(50, 'x')]), 'invalid'],
  ])('tells of %s, once', async (_what, wire, why) => {
    const { receiver, inflater } = inflating();
    inflater.write(wire);
    const fault = await end(inflater);
    expect(fault).toMatchObject({ code: 'ERR_FTP_PROTOCOL', transient: false });
    expect(fault?.message).toContain(why);
    inflater.write(wire);
    expect(receiver.events).toEqual([{ type: 'moved' }]);
  });

  it('stops its output while the consumer holds it, and holds the wire when too much waits', async () => {
    const { receiver, inflater } = inflating();
    const zeros = Buffer.alloc(40_000_000);
    const bomb = deflateSync(zeros);
    receiver.onChunk = () => inflater.pause();
    inflater.write(bomb);
    await new Promise<void>((resolve) => {
      receiver.onChunk = () => {
        inflater.pause();
        resolve();
      };
    });
    const noise = Buffer.from(new Random(1).bytes(300_000));
    inflater.write(noise);
    expect(receiver.told).toContain('hold wire');
    // zlib has a chunk ready by now, and makes no other.
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(receiver.bytes.length).toBeLessThan(500_000);
    receiver.onChunk = () => {};
    inflater.resume();
    const fault = await end(inflater);
    expect(fault?.message).toContain('behind its end');
    expect(receiver.bytes.length).toBe(zeros.length);
  });

  it('holds the wire while zlib is busy, and releases it then', async () => {
    const { receiver, inflater } = inflating();
    const noise = Buffer.from(new Random(1).bytes(300_000));
    inflater.write(deflateSync(noise));
    expect(receiver.told).toContain('hold wire');
    expect(await end(inflater)).toBeUndefined();
    expect(receiver.told).toContain('release wire');
    expect(receiver.bytes.equals(noise)).toBe(true);
  });

  it('tells the end to a consumer that holds, when nothing waits for it', async () => {
    const { receiver, inflater } = inflating();
    receiver.onChunk = () => inflater.pause();
    inflater.write(deflateSync(text));
    expect(await end(inflater)).toBeUndefined();
    expect(receiver.bytes).toEqual(text);
  });

  it('was held before the first byte', async () => {
    const { receiver, inflater } = inflating();
    inflater.pause();
    inflater.write(deflateSync(text));
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(receiver.bytes).toHaveLength(0);
    inflater.resume();
    expect(await end(inflater)).toBeUndefined();
    expect(receiver.bytes).toEqual(text);
    expect(receiver.told.slice(0, 1)).toEqual(['pause']);
  });

  it.each(['cancelled', 'enough'] as const)('drops what comes once it is %s', async (fact) => {
    const { receiver, inflater } = inflating();
    receiver.facts = { ...receiver.facts, [fact]: true };
    inflater.write(Buffer.from('no stream'));
    expect(await end(inflater)).toBeUndefined();
    expect(receiver.bytes).toHaveLength(0);
    expect(receiver.events).toEqual([{ type: 'moved' }]);
  });

  it('does nothing after its transfer is over, or after it was closed', async () => {
    const { receiver, inflater } = inflating();
    inflater.write(deflateSync(text));
    receiver.isOver = true;
    inflater.close();
    inflater.write(text);
    expect(await end(inflater)).toBeUndefined();
    expect(receiver.events).toEqual([{ type: 'moved' }]);
  });
});

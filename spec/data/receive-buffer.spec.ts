import { describe, expect, it } from 'vitest';
import { ReceiveBuffer } from '../../lib/data/receive-buffer.js';

/** A receive buffer over a receiver with one memory that it fills from the front; reads are made as a socket makes them. */
function reading() {
  const memory = Buffer.alloc(64);
  let filled = 0;
  const heard: string[] = [];
  const receiveBuffer: ReceiveBuffer = new ReceiveBuffer(
    {
      buffer: () => memory.subarray(filled),
      write: (bytes) => {
        if (bytes.buffer === memory.buffer) filled = bytes.byteOffset - memory.byteOffset + bytes.length;
        heard.push(Buffer.from(bytes).toString());
        if (heard.at(-1) === 'stop') receiveBuffer.hold();
      },
    },
    false,
    () => heard.push('end'),
  );
  const { buffer, callback } = receiveBuffer.onread;
  if (typeof buffer !== 'function') throw new Error('no memory for each read');
  let next = buffer();
  /** As node does: the memory of the next read is asked for right after this one. */
  const read = (text: string): void => {
    const into = next;
    into.set(Buffer.from(text));
    callback(text.length, into);
    next = buffer();
  };
  return { receiveBuffer, heard, read, memory };
}

describe('a receive buffer', () => {
  it("is the receiver's memory, and each read is handed on", () => {
    const { heard, read, receiveBuffer, memory } = reading();
    read('one');
    read('two');
    receiveBuffer.end();
    expect(heard).toEqual(['one', 'two', 'end']);
    expect(memory.toString('latin1', 0, 6)).toBe('onetwo');
  });

  it('keeps what comes while it is held, whole and in order, and the end behind it', () => {
    const { heard, read, receiveBuffer } = reading();
    receiveBuffer.hold();
    read('one');
    read('two');
    receiveBuffer.take(Buffer.from('three'));
    receiveBuffer.end();
    expect(heard).toEqual([]);
    receiveBuffer.release();
    expect(heard).toEqual(['one', 'two', 'three', 'end']);
  });

  it('hands on no more than until it is held again', () => {
    const { heard, read, receiveBuffer } = reading();
    receiveBuffer.hold();
    for (const text of ['stop', 'two', 'stop']) read(text);
    receiveBuffer.end();
    receiveBuffer.release();
    expect(heard).toEqual(['stop']);
    receiveBuffer.release();
    expect(heard).toEqual(['stop', 'two', 'stop', 'end']);
  });

  it('goes on in the receiver’s memory afterwards', () => {
    const { heard, read, receiveBuffer, memory } = reading();
    receiveBuffer.hold();
    read('one');
    receiveBuffer.release();
    read('foreign');
    read('two');
    expect(heard).toEqual(['one', 'foreign', 'two']);
    expect(memory.toString('latin1', 0, 6)).toBe('onetwo');
  });

  it('hands on nothing more once it is closed, neither what was kept nor the end', () => {
    const { heard, read, receiveBuffer } = reading();
    read('one');
    receiveBuffer.hold();
    read('two');
    receiveBuffer.end();
    receiveBuffer.close();
    receiveBuffer.release();
    read('three');
    expect(heard).toEqual(['one']);
  });

  it('tells the end once, also when nothing was kept', () => {
    const { heard, receiveBuffer } = reading();
    receiveBuffer.hold();
    receiveBuffer.end();
    receiveBuffer.release();
    expect(heard).toEqual(['end']);
  });
});

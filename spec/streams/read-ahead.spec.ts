import { describe, expect, it } from 'vitest';
import type { ByteSink } from '../../lib/streams/byte-sink.js';
import { Gate } from '../../lib/streams/gate.js';
import { ReadAhead } from '../../lib/streams/read-ahead.js';

/** A reader of so many bytes at most, whose consumer writes down what it is told. */
function reading(limitBytes = 100) {
  const heard: string[] = [];
  const consumer = new Gate();
  const memory = new Uint8Array(8);
  const onText: { call: (text: string) => void } = { call: () => {} };
  const sink: ByteSink = {
    buffer: () => memory,
    write: (chunk) => {
      const text = Buffer.from(chunk).toString();
      heard.push(text);
      onText.call(text);
    },
    complete: (verifiedBy) => heard.push(`complete ${verifiedBy}`),
    error: (error) => heard.push(`error ${error}`),
  };
  const ahead = new ReadAhead(sink, consumer, limitBytes);
  return { ahead, consumer, heard, memory, onText, write: (text: string) => ahead.write(Buffer.from(text)) };
}

describe('ReadAhead', () => {
  it('hands on what comes, and the end, while nobody holds it', () => {
    const at = reading();
    at.write('a');
    at.write('b');
    at.ahead.complete('size');
    expect(at.heard).toEqual(['a', 'b', 'complete size']);
    expect(at.ahead.buffer()).toBe(at.memory);
  });

  it('holds the producer while the consumer holds, until it is told to read on', () => {
    const at = reading();
    const release = at.consumer.hold();
    expect(at.ahead.gate.held).toBe(true);
    at.ahead.readOn();
    expect(at.ahead.gate.held).toBe(false);
    release();
    expect(at.ahead.gate.held).toBe(false);
    at.consumer.hold();
    expect(at.ahead.gate.held).toBe(false);
  });

  it('begins held where the consumer held before', () => {
    const consumer = new Gate();
    const release = consumer.hold();
    const ahead = new ReadAhead(reading().ahead, consumer, 100);
    expect(ahead.gate.held).toBe(true);
    release();
    expect(ahead.gate.held).toBe(false);
  });

  it('keeps a copy of what comes meanwhile, and hands it on in order when it is taken again, the end last', () => {
    const at = reading();
    const release = at.consumer.hold();
    at.ahead.readOn();
    at.memory.set(Buffer.from('one'));
    at.ahead.write(at.memory.subarray(0, 3));
    at.memory.set(Buffer.from('two'));
    at.ahead.write(at.memory.subarray(0, 3));
    at.ahead.complete();
    expect(at.heard).toEqual([]);
    release();
    expect(at.heard).toEqual(['one', 'two', 'complete undefined']);
  });

  it('stops handing on where the consumer holds again, also from within', () => {
    const at = reading();
    let release = at.consumer.hold();
    at.ahead.readOn();
    for (const text of ['a', 'b', 'c']) at.write(text);
    at.ahead.complete();
    at.onText.call = (text) => {
      if (text === 'a') release = at.consumer.hold();
      // Held and let go within one value.
      if (text === 'b') at.consumer.hold()();
    };
    release();
    expect(at.heard).toEqual(['a']);
    release();
    expect(at.heard).toEqual(['a', 'b', 'c', 'complete undefined']);
  });

  it('holds the producer when its memory is full, and goes on when there is room', () => {
    const at = reading(4);
    const release = at.consumer.hold();
    at.write('early');
    at.ahead.readOn();
    expect(at.ahead.gate.held).toBe(true);
    release();
    expect(at.ahead.gate.held).toBe(false);
    expect(at.heard).toEqual(['early']);
    at.consumer.hold();
    at.write('abc');
    expect(at.ahead.gate.held).toBe(false);
    at.write('d');
    expect(at.ahead.gate.held).toBe(true);
  });

  it('lets an error overtake what is kept', () => {
    const at = reading();
    const release = at.consumer.hold();
    at.ahead.readOn();
    at.write('a');
    at.ahead.error('broken');
    release();
    expect(at.heard).toEqual(['error broken']);
  });

  it('hands nothing on after it was dropped, not even the end, also from within', () => {
    const at = reading();
    let release = at.consumer.hold();
    at.ahead.readOn();
    at.write('a');
    at.write('b');
    at.ahead.complete();
    at.onText.call = () => at.ahead.drop();
    release();
    release = at.consumer.hold();
    release();
    expect(at.heard).toEqual(['a']);
  });
});

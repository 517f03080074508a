import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Continuation, ContinuedSink } from '../../../../lib/client/operations/resume/continued-sink.js';

interface Stage {
  readonly sink: ContinuedSink;
  readonly memory: Uint8Array;
  /** All that was handed on. */
  readonly got: () => string;
  readonly changed: string[];
}

function stage(of: Partial<Continuation> = {}): Stage {
  const got: Uint8Array[] = [];
  const changed: string[] = [];
  const memory = new Uint8Array(16);
  const sink = new ContinuedSink({
    skip: 2,
    overlap: Buffer.from('over'),
    most: undefined,
    receiver: { buffer: () => memory, write: (chunk) => void got.push(Uint8Array.from(chunk)) },
    onChanged: (how) => changed.push(how),
    ...of,
  });
  return { sink, memory, got: () => Buffer.concat(got).toString(), changed };
}

function write(sink: ContinuedSink, text: string, cuts: readonly number[]): void {
  let from = 0;
  for (const cut of [...cuts, text.length].sort((one, other) => one - other)) {
    if (cut > from) sink.write(Buffer.from(text.slice(from, cut)));
    from = Math.max(from, cut);
  }
}

describe('the sink of a download that goes on', () => {
  it('hands on what is new, however it is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9)), (cuts) => {
        const { sink, got, changed } = stage();
        write(sink, '..overnew', cuts);
        expect([got(), changed, sink.isCompared]).toEqual(['new', [], true]);
      }),
    );
  });

  it('hands on nothing behind an overlap that differs, however it is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9)), (cuts) => {
        const { sink, got, changed } = stage();
        write(sink, '..ovErnew', cuts);
        expect([got(), changed.length, sink.isCompared]).toEqual(['', 1, false]);
      }),
    );
  });

  it('is not compared before all of the overlap has come', () => {
    const { sink, changed } = stage();
    sink.write(Buffer.from('..ove'));
    expect([sink.isCompared, changed]).toEqual([false, []]);
    sink.write(Buffer.from('r'));
    expect(sink.isCompared).toBe(true);
  });

  it('hands on no byte beyond the end of the file', () => {
    const { sink, got, changed } = stage({ most: 3 });
    sink.write(Buffer.from('..overnewer'));
    sink.write(Buffer.from('still more'));
    expect(got()).toBe('new');
    expect(changed).toEqual(['more bytes came than the file had; the server seems to ignore REST']);
  });

  it('reads old bytes into memory of its own, and new ones into that of the receiver', () => {
    const { sink, memory } = stage();
    const own = sink.buffer();
    expect(own).not.toBe(memory);
    expect(own).toHaveLength(6);
    sink.write(Buffer.from('..over'));
    expect(sink.buffer()).toBe(memory);
  });

  it('without old bytes hands on the very chunk', () => {
    const chunks: Uint8Array[] = [];
    const receiver = { buffer: () => new Uint8Array(1), write: (chunk: Uint8Array) => void chunks.push(chunk) };
    const { sink } = stage({ skip: 0, overlap: new Uint8Array(0), receiver });
    const chunk = Buffer.from('all');
    sink.write(chunk);
    expect(chunks[0]).toBe(chunk);
  });
});

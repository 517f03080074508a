import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { OpenedSource } from '../../../../lib/client/operations/resume/opened-source.js';
import { FtpUsageError } from '../../../../lib/errors.js';
import { type ByteSourceAt, rereadable } from '../../../../lib/streams/rereadable.js';
import type { ByteSource } from '../../../../lib/streams/source.js';

function opened(source: ByteSource | ByteSourceAt, offset = 0): OpenedSource {
  const found = rereadable(source);
  if (found === undefined) throw new Error('it cannot be read again');
  return new OpenedSource(found, offset);
}

async function textOf(source: OpenedSource): Promise<string> {
  const chunks: Uint8Array[] = [];
  for (let chunk = await source.next(); chunk !== undefined; chunk = await source.next()) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe('the source of one try', () => {
  it('is read from an offset on, once it is opened', async () => {
    const source = opened('abcdef', 2);
    await source.opening();
    source.requireUsable();
    expect(await textOf(source)).toBe('cdef');
  });

  it('is not opened by being made', async () => {
    let calls = 0;
    const source = opened(() => {
      calls += 1;
      return 'a';
    });
    await expect(source.next()).rejects.toBeInstanceOf(FtpUsageError);
    expect([calls, source.expectedBytes()]).toEqual([0, undefined]);
    source.cancel();
  });

  it('errors with what the user’s function throws', () => {
    const thrown = new Error('no such file');
    const source = opened(() => {
      throw thrown;
    });
    expect(() => source.opening()).toThrow(thrown);
  });

  it('destroys a stream that was not read', async () => {
    const stream = Readable.from(['a']);
    const source = opened(() => stream);
    await source.opening();
    source.cancel();
    expect(stream.destroyed).toBe(true);
  });

  it('refuses a stream that has failed, whose error does not go astray', async () => {
    const stream = new Readable({ read: () => {} });
    const source = opened(() => stream);
    await source.opening();
    const failed = new Promise((resolve) => stream.once('error', resolve));
    stream.destroy(new Error('gone'));
    await failed;
    expect(() => source.requireUsable()).toThrow('gone');
    source.cancel();
  });
});

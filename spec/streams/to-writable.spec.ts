import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { concat, lastValueFrom, of, Subject, throwError } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { toWritable } from '../../lib/streams/to-writable.js';
import { observe } from '../support/observe.js';
import { FakeProducer } from './support/fake-producer.js';
import { bytesOf } from './support/marbles.js';

function closed(to: Writable): Promise<unknown> {
  return new Promise((resolve) => to.once('close', resolve));
}

describe('toWritable', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rxftp-'));
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await rm(folder, { recursive: true });
  });

  it('emits nothing and completes when everything is written', async () => {
    const path = join(folder, 'file');
    const write$ = of(bytesOf('ab'), bytesOf('c')).pipe(toWritable(createWriteStream(path)));
    expect(await lastValueFrom(write$, { defaultValue: 'nothing' })).toBe('nothing');
    expect(await readFile(path, 'utf8')).toBe('abc');
  });

  it('errors with the error of the writable, and cancels the source', async () => {
    const fake = new FakeProducer();
    const to = createWriteStream(join(folder, 'missing', 'file'));
    await expect(lastValueFrom(fake.stream.pipe(toWritable(to)))).rejects.toMatchObject({ code: 'ENOENT' });
    expect(fake.cancels).toBe(1);
  });

  it('errors when the writable is closed before the end', async () => {
    const fake = new FakeProducer();
    const to = new Writable({ write: (_chunk, _encoding, callback) => callback() });
    const result = lastValueFrom(fake.stream.pipe(toWritable(to)));
    setImmediate(() => to.destroy());
    await expect(result).rejects.toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' });
    expect(fake.cancels).toBe(1);
  });

  it('errors with the error of the source, and destroys the writable', async () => {
    const error = new Error('426');
    const to = createWriteStream(join(folder, 'file'));
    const result = lastValueFrom(new FakeProducer({ chunks: 1, error }).stream.pipe(toWritable(to)));
    await expect(result).rejects.toBe(error);
    expect(to.destroyed).toBe(true);
    await closed(to);
    expect(to.listenerCount('error')).toBe(0);
  });

  it.each([undefined, null])('errors when the source fails with %s for a reason', async (reason) => {
    const to = createWriteStream(join(folder, 'file'));
    const write$ = concat(
      of(bytesOf('half of it')),
      throwError(() => reason),
    ).pipe(toWritable(to));
    expect(await observe(write$).failed).toBe(reason);
    await closed(to);
  });

  it('destroys the writable when unsubscribed, without an uncaught error', async () => {
    const fake = new FakeProducer();
    // The file cannot be opened, which shows only after the unsubscription.
    const to = createWriteStream(join(folder, 'missing', 'file'));
    const untouched = to.listenerCount('close');
    const subscription = fake.stream.pipe(toWritable(to)).subscribe();
    subscription.unsubscribe();
    expect(fake.cancels).toBe(1);
    expect(to.destroyed).toBe(true);
    await closed(to);
    expect(to.listenerCount('error') + to.listenerCount('drain')).toBe(0);
    expect(to.listenerCount('close')).toBe(untouched);
  });

  it('neither ends nor destroys the standard output', async () => {
    const write = vi.spyOn(process.stdout, 'write').mockImplementation((_chunk, ...rest: unknown[]) => {
      for (const callback of rest) if (typeof callback === 'function') callback();
      return true;
    });
    const end = vi.spyOn(process.stdout, 'end');
    const destroy = vi.spyOn(process.stdout, 'destroy');
    const before = process.stdout.listenerCount('error');
    await lastValueFrom(of(bytesOf('x')).pipe(toWritable(process.stdout)), { defaultValue: null });
    const broken = new Subject<Uint8Array>();
    const errors: unknown[] = [];
    broken.pipe(toWritable(process.stdout)).subscribe({ error: (error) => errors.push(error) });
    broken.error('broken');
    expect(errors).toEqual(['broken']);
    expect(write).toHaveBeenCalledTimes(2);
    expect(end).not.toHaveBeenCalled();
    expect(destroy).not.toHaveBeenCalled();
    expect(process.stdout.listenerCount('error')).toBe(before);
  });
});

/** RETR, STOR, APPE and STOU: every kind of source and sink, ranges, verification, and both modes. */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { FtpError, FtpReplyError } from '../../../lib/errors.js';
import { collectBytes } from '../../../lib/streams/collect-bytes.js';
import type { ByteSource } from '../../../lib/streams/source.js';
import { all, last, outcome } from '../../support/interop/outcome.js';
import { Random } from '../../support/random.js';
import type { Enter } from './place.js';

const content = new Random(7).bytes(3 * 1024 * 1024);
const pieces = Array.from({ length: 24 }, (_, n) => content.subarray(n * 131_072, (n + 1) * 131_072));

const sources: Readonly<Record<string, () => ByteSource>> = {
  bytes: () => content,
  'an iterable': () => pieces,
  'an async iterable': async function* () {
    yield* pieces;
  },
  'a Readable': () => Readable.from(pieces),
  'an Observable': () => from(pieces),
  'a Blob': () => new Blob(pieces.map((piece) => Uint8Array.from(piece))),
  'a web stream': () => new Blob(pieces.map((piece) => Uint8Array.from(piece))).stream(),
};

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export function describeTransfers(enter: Enter): void {
  it.each(Object.keys(sources))('stores %s', async (kind) => {
    await using at = await enter();
    const source = sources[kind]?.() ?? '';
    const done = await last(at.ftp.stor$('up', source, { verify: 'size' }));
    expect(done).toMatchObject({ path: 'up', bytes: content.length, done: true, verified: true });
    expect(sha256(await at.bytes('up'))).toBe(sha256(content));
  });

  it.each(['passive', 'active'] as const)('retrieves what was stored, %s', async (mode) => {
    await using at = await enter({ down: content }, { mode });
    expect(sha256(await last(at.ftp.retr$('down', { verify: 'size' }).pipe(collectBytes())))).toBe(sha256(content));
    const hash = createHash('sha256');
    for await (const chunk of at.ftp.retr$('down')) hash.update(chunk);
    expect(hash.digest('hex')).toBe(sha256(content));
    await last(at.ftp.stor$('up', 'in active mode too'));
    expect(await at.text('up')).toBe('in active mode too');
  });

  it('moves files through Node streams', async () => {
    await using at = await enter({ down: content });
    await pipeline(at.ftp.retr('down'), createWriteStream(at.local('copy')));
    await pipeline(createReadStream(at.local('copy')), at.ftp.stor('up'));
    expect(sha256(await at.bytes('up'))).toBe(sha256(content));
    await pipeline(['more', ' of it'], at.ftp.appe('up'));
    expect(await last(at.ftp.size$('up'))).toBe(content.length + 'more of it'.length);
    await expect(pipeline(at.ftp.retr('missing'), createWriteStream(at.local('none')))).rejects.toThrow(FtpReplyError);
    await expect(pipeline(['x'], at.ftp.stor('missing/x'))).rejects.toThrow(FtpError);
  });

  it('makes empty files and reads them', async () => {
    await using at = await enter();
    await last(at.ftp.stor$('empty', []));
    expect(await all(at.ftp.retr$('empty', { verify: 'size' }))).toEqual([]);
    expect(await last(at.ftp.size$('empty'))).toBe(0);
  });

  it('appends', async () => {
    await using at = await enter({ file: 'one' });
    expect(await last(at.ftp.appe$('file', ' two'))).toMatchObject({ bytes: 4, done: true });
    await last(at.ftp.appe$('new', 'three'));
    expect([await at.text('file'), await at.text('new')]).toEqual(['one two', 'three']);
  });

  it('stores under a name of its own', async () => {
    await using at = await enter({ given: 'here' });
    const { path = '' } = await last(at.ftp.stou$('unique', 'given'));
    expect(path).not.toBe('given');
    expect(await at.text(path.split('/').at(-1) ?? '')).toBe('unique');
    expect(await at.text('given')).toBe('here');
  });

  it('stores under a name of its own without one given, or is refused', async () => {
    await using at = await enter();
    expect(await outcome(at.ftp.stou$('unique'))).toBe(at.manners.nameless);
    expect(await all(at.ftp.send$('XYZZY'))).toMatchObject([{ code: at.manners.unknownCommand }]);
  });

  it('appends after it has stored under a name of its own', async () => {
    await using at = await enter({ file: 'one' });
    await last(at.ftp.stou$('unique', 'given'));
    await last(at.ftp.appe$('file', ' two'));
    await last(at.ftp.appe$('file', ' three'));
    expect(await at.text('file')).toBe('one two three');
    expect(await last(at.ftp.pwd$())).toBe(at.directory);
  });

  describe('in parts', () => {
    it.each([
      [{}, '0123456789'],
      [{ start: 4 }, '456789'],
      [{ end: 3 }, '012'],
      [{ start: 2, end: 7 }, '23456'],
      [{ start: 10 }, ''],
      [{ start: 2, end: 100 }, '23456789'],
    ] as const)('retrieves %j', async (range, expected) => {
      await using at = await enter({ ten: '0123456789' });
      const options = { ...range, verify: 'size' } as const;
      expect(Buffer.concat(await all(at.ftp.retr$('ten', options))).toString()).toBe(expected);
      expect(await last(at.ftp.pwd$())).toBe(at.directory);
    });

    it('stops in the middle of a large file', async () => {
      await using at = await enter({ down: content });
      const part = await last(at.ftp.retr$('down', { start: 1000, end: 1_000_000 }).pipe(collectBytes()));
      expect(sha256(part)).toBe(sha256(content.subarray(1000, 1_000_000)));
      expect(await last(at.ftp.size$('down'))).toBe(content.length);
    });

    it('stores at an offset, as far as the server means the same by that', async () => {
      await using at = await enter({ ten: '0123456789' });
      await last(at.ftp.stor$('ten', 'AB', { start: 5 }));
      expect(await at.text('ten')).toBe(at.manners.restarted);
    });

    it('refuses to start beyond the end', async () => {
      await using at = await enter({ ten: '0123456789' });
      await expect(all(at.ftp.retr$('ten', { start: 11, verify: 'size' }))).rejects.toThrow(/beyond the end/);
    });
  });

  it('is refused what is not there', async () => {
    await using at = await enter({ 'dir/': '' });
    for (let round = 0; round < 5; round += 1) {
      await expect(all(at.ftp.retr$('missing'))).rejects.toMatchObject({
        code: 'ERR_FTP_REPLY',
        reply: { code: at.manners.missingRetr },
      });
    }
    expect(await outcome(at.ftp.retr$('dir'))).toBe(at.manners.missingRetr);
    expect(await outcome(at.ftp.stor$('missing/file', 'x'))).toBe(at.manners.missingStor);
    expect(await last(at.ftp.pwd$())).toBe(at.directory);
  });

  it('deletes what a failed upload has left, when told to', async () => {
    await using at = await enter();
    const failing = async function* (): AsyncGenerator<Uint8Array> {
      yield content;
      throw new Error('no more');
    };
    await expect(all(at.ftp.stor$('part', failing(), { deletePartial: true }))).rejects.toThrow('no more');
    expect(await outcome(at.ftp.size$('part'))).toBe(550);
  });
}

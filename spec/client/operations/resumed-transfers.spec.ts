/**
 * A transfer that was cut, and what the README says to do next: go on from what is stored. The server fills a gap with zeros, as
 * real ones do, and so a wrong offset would show.
 */
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { lastValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { FtpClient, type FtpTransferError, FtpUsageError } from '../../../lib/index.js';
import { LocalDirectory } from '../../recipes/support/local-directory.js';
import { observe } from '../../support/observe.js';
import { type Handler, type ScriptedServer, scriptedServer } from '../../support/scripted-server.js';

const content = Buffer.from(Array.from({ length: 400_000 }, (_, index) => ((index * 7 + (index >> 8)) % 251) | 1));
/** What the server has on its disk when the connection breaks; the socket has taken more. */
const STORED = 100_000;

/** Stores at any offset, and zeros before it where there is nothing. */
const fillGaps = (server: ScriptedServer): Handler => {
  return async (session, path) => {
    const { restart } = session.state;
    session.state.restart = 0;
    await session.reply('150 Go on.');
    const { bytes } = await session.receiveData();
    const kept = Buffer.alloc(restart);
    server.tree.file(path)?.bytes.copy(kept);
    server.tree.write(path, Buffer.concat([kept, bytes]));
    await session.reply('226 Stored.');
  };
};

/** Takes all that is sent, stores a part of it, and says that it broke. */
const storeAPart = (server: ScriptedServer): Handler => {
  return async (session, path) => {
    await session.reply('150 Go on.');
    const { bytes } = await session.receiveData();
    server.tree.write(path, bytes.subarray(0, STORED));
    await session.reply('426 It broke.');
  };
};

function clientOf({ host, port }: ScriptedServer): FtpClient {
  return new FtpClient({ host, port });
}

describe('an upload that was cut', () => {
  it('is resumed from size$, and the file is right', async () => {
    await using directory = await LocalDirectory.make();
    const local = join(directory.path, 'b.iso');
    await writeFile(local, content);
    await using server = await scriptedServer();
    server.once('STOR', storeAPart(server)).on('STOR', fillGaps(server));
    await using ftp = clientOf(server);
    const error = await observe(ftp.stor$('/b.iso', createReadStream(local))).failed;
    expect(error).toMatchObject({ code: 'ERR_FTP_TRANSFER', transient: true });
    expect((error as FtpTransferError).bytes).toBeGreaterThan(STORED);
    const start = await lastValueFrom(ftp.size$('/b.iso'));
    const last = await lastValueFrom(
      ftp.stor$('/b.iso', createReadStream(local, { start }), { start, verify: 'size' }),
    );
    expect(last).toMatchObject({ bytes: content.length - STORED, verified: true });
    expect(server.tree.file('/b.iso')?.bytes.equals(content)).toBe(true);
  });

  it.each([
    ['is shorter', { '/b.iso': content.subarray(0, STORED) }, /has 100000 bytes/],
    ['is not there', {}, /no such file is stored/],
  ])('is not resumed from error.bytes when the file %s: that would leave a hole', async (_what, files, words) => {
    await using server = await scriptedServer({ files });
    server.on('STOR', fillGaps(server));
    await using ftp = clientOf(server);
    const start = STORED + 1;
    const error = await observe(ftp.stor$('/b.iso', content.subarray(start), { start, verify: 'size' })).failed;
    expect(error).toBeInstanceOf(FtpUsageError);
    expect(String(error)).toMatch(words);
    expect(error).toMatchObject({ outcome: 'none' });
    expect(server.commands.filter((line) => /^(REST|STOR)/.test(line))).toEqual([]);
    expect(server.tree.file('/b.iso')?.bytes.length).toBe(Object.hasOwn(files, '/b.iso') ? STORED : undefined);
  });

  it('is resumed at the very end, with nothing left to send', async () => {
    await using server = await scriptedServer({ files: { '/b.iso': content } });
    server.on('STOR', fillGaps(server));
    await using ftp = clientOf(server);
    const start = content.length;
    const last = await lastValueFrom(ftp.stor$('/b.iso', new Uint8Array(0), { start, verify: 'size' }));
    expect(last).toMatchObject({ bytes: 0, verified: true });
    expect(server.tree.file('/b.iso')?.bytes.equals(content)).toBe(true);
  });

  it('is refused with the reply when SIZE is refused for another reason', async () => {
    await using server = await scriptedServer({ files: { '/b.iso': content } });
    server.answer('SIZE', '450 Busy.');
    await using ftp = clientOf(server);
    const error = await observe(ftp.stor$('/b.iso', content.subarray(5), { start: 5, verify: 'size' })).failed;
    expect(error).toMatchObject({ code: 'ERR_FTP_REPLY', reply: { code: 450 } });
    expect(server.commands.some((line) => line.startsWith('STOR'))).toBe(false);
  });

  const noSize = [
    '550 Could not get file size.',
    '550 Permission denied.',
    '550 SIZE not allowed in ASCII mode.',
    '550 /b.iso: not a regular file',
    '502 Not implemented.',
    '500 What?',
    '213 File status',
  ];

  it.each(
    noSize,
  )('is refused, with nothing sent of it, where SIZE is answered by %s and nobody else tells', async (reply) => {
    await using server = await scriptedServer({ files: { '/b.iso': content.subarray(0, STORED) } });
    server.features = ['SIZE', 'REST STREAM'];
    server.answer('SIZE', reply);
    await using ftp = clientOf(server);
    await observe(ftp.retr$('/b.iso', { type: 'ascii' })).settled;
    for (const _again of [1, 2]) {
      const resumed$ = ftp.stor$('/b.iso', content.subarray(STORED), { start: STORED, verify: 'size' });
      const error = await observe(resumed$).failed;
      expect(error).toMatchObject({ code: 'ERR_FTP_USAGE', outcome: 'none' });
      expect(String(error)).toMatch(/cannot be checked.*does not tell the size.*Leave verify off/);
      expect(String(error)).not.toMatch(/no such file is stored/);
    }
    expect(server.commands.indexOf('TYPE I')).toBe(server.commands.indexOf('SIZE /b.iso') - 1);
    expect(server.commands.filter((line) => /^(MLST|EPSV|REST|STOR)/.test(line))).toEqual(['EPSV']);
    expect(server.tree.file('/b.iso')?.bytes.length).toBe(STORED);
  });

  it.each(noSize)('goes on where SIZE is answered by %s, and MLST names the size', async (reply) => {
    await using server = await scriptedServer({ files: { '/b.iso': content.subarray(0, STORED) } });
    server.answer('SIZE', reply).once('STOR', fillGaps(server));
    await using ftp = clientOf(server);
    const upload = observe(ftp.stor$('/b.iso', content.subarray(STORED), { start: STORED, verify: 'size' }));
    // The SIZE that follows tells nothing either, which is an error where the server knows the command.
    expect(await upload.ended).toBe(/^50/.test(reply) ? 'complete' : 'error');
    expect(server.tree.file('/b.iso')?.bytes.equals(content)).toBe(true);
  });

  it.each([
    ['is shorter', '250-Listing\r\n type=file;size=99999; /b.iso\r\n250 End.', /beyond the end.*has 99999 bytes/],
    ['is not there', '550 /b.iso: No such file or directory', /MLST \/b.iso was refused, so no such file is stored/],
    ['has no size', '250-Listing\r\n type=file; /b.iso\r\n250 End.', /cannot be checked/],
    ['has no entry', '250 Listed.', /cannot be checked/],
    ['is a directory', '250-Listing\r\n type=dir;sizd=999999; /b.iso\r\n250 End.', /is a directory/],
    ['is not told of', '501 What?', /cannot be checked/],
  ])('is refused without SIZE where the file %s by MLST', async (_what, reply, words) => {
    await using server = await scriptedServer({ files: { '/b.iso': content.subarray(0, STORED) } });
    server.answer('SIZE', '502 Not implemented.').answer('MLST', reply);
    await using ftp = clientOf(server);
    const start = STORED;
    const error = await observe(ftp.stor$('/b.iso', content.subarray(start), { start, verify: 'size' })).failed;
    expect(error).toMatchObject({ code: 'ERR_FTP_USAGE', outcome: 'none' });
    expect(String(error)).toMatch(words);
    expect(server.commands.filter((line) => /^(EPSV|REST|STOR)/.test(line))).toEqual([]);
  });

  it.each([
    'dir',
    'cdir',
    'pdir',
  ])('is refused where a directory has that name, and SIZE a size for it: %s', async (type) => {
    await using server = await scriptedServer({ files: { '/b.iso/a': 'x' } });
    server.answer('SIZE', '213 4096').answer('MLST', `250-Listing\r\n type=${type};sizd=4096; /b.iso\r\n250 End.`);
    await using ftp = clientOf(server);
    const error = await observe(ftp.stor$('/b.iso', 'abc', { start: 3, verify: 'size' })).failed;
    expect(error).toBeInstanceOf(FtpUsageError);
    expect(error).toMatchObject({ outcome: 'none', message: expect.stringContaining('/b.iso is a directory') });
    expect(server.commands.filter((line) => /^(EPSV|PASV|REST|STOR)/.test(line))).toEqual([]);
  });

  it.each([
    '250 Listed.',
    '550 No.',
    '450 Busy.',
    '502 No.',
  ])('goes on by SIZE where MLST is answered by %s', async (reply) => {
    await using server = await scriptedServer({ files: { '/b.iso': content.subarray(0, STORED) } });
    server.answer('MLST', reply).once('STOR', fillGaps(server));
    await using ftp = clientOf(server);
    await lastValueFrom(ftp.stor$('/b.iso', content.subarray(STORED), { start: STORED, verify: 'size' }));
    expect(server.tree.file('/b.iso')?.bytes.equals(content)).toBe(true);
  });

  it('is not asked about without verify', async () => {
    await using server = await scriptedServer({ files: { '/b.iso': content.subarray(0, STORED) } });
    server.answer('SIZE', '502 Not implemented.').once('STOR', fillGaps(server));
    await using ftp = clientOf(server);
    await lastValueFrom(ftp.stor$('/b.iso', content.subarray(STORED), { start: STORED }));
    expect(server.tree.file('/b.iso')?.bytes.equals(content)).toBe(true);
    expect(server.commands.filter((line) => /^(SIZE|MLST)/.test(line))).toEqual([]);
  });
});

describe('a download that was cut', () => {
  const cut: Handler = async (session) => {
    await session.reply('150 Here it comes.');
    await session.sendData(content.subarray(0, STORED));
    await session.reply('426 It broke.');
  };

  it('is resumed from the size of the local file, and the file is right', async () => {
    await using directory = await LocalDirectory.make();
    const local = join(directory.path, 'a.iso');
    await using server = await scriptedServer({ files: { '/a.iso': content } });
    server.once('RETR', cut);
    await using ftp = clientOf(server);
    const file = createWriteStream(local);
    await once(file, 'open');
    const first = pipeline(ftp.retr$('/a.iso'), file);
    await expect(first).rejects.toMatchObject({ code: 'ERR_FTP_TRANSFER' });
    const { size } = await stat(local);
    await pipeline(ftp.retr$('/a.iso', { start: size, verify: 'size' }), createWriteStream(local, { flags: 'a' }));
    expect((await readFile(local)).equals(content)).toBe(true);
  });

  it('is refused from beyond the end, with no RETR sent', async () => {
    await using server = await scriptedServer({ files: { '/a.iso': content } });
    await using ftp = clientOf(server);
    const start = content.length + 1;
    expect(await observe(ftp.retr$('/a.iso', { start, verify: 'size' })).failed).toBeInstanceOf(FtpUsageError);
    expect(server.commands.some((line) => line.startsWith('RETR'))).toBe(false);
  });
});

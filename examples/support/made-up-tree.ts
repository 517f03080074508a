/**
 * A small made-up tree for the embedded server: text, gzip and some MiB of binary, the same sizes every time.
 */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';

export const MIB = 1024 * 1024;

/** The files that are worth pointing at. */
export const MADE_UP = Object.freeze({
  readme: 'readme.txt',
  log: 'logs/app.log',
  archive: 'logs/archive.log.gz',
  image: 'images/disk.img',
});

const readme = `Hello from an FTP server that lives for a moment.
Nothing in this tree is real, and nothing of it is left when the program ends.
`;

/** File contents by path, for `EmbeddedServer.start`. */
export function madeUpTree(): Readonly<Record<string, string | Uint8Array>> {
  return {
    [MADE_UP.readme]: readme,
    [MADE_UP.log]: log(5_000),
    [MADE_UP.archive]: gzipSync(log(40_000)),
    [MADE_UP.image]: noise(24 * MIB),
    'incoming/': '',
  };
}

function log(lines: number): string {
  return Array.from({ length: lines }, (_, index) => `${logLine(index)}\n`).join('');
}

function logLine(index: number): string {
  const time = new Date(Date.UTC(2025, 0, 1) + index * 1_000).toISOString();
  const level = index % 97 === 0 ? 'ERROR' : 'INFO ';
  const request = createHash('sha1').update(`${index}`).digest('hex');
  return `${time} ${level} request ${request} took ${(index * 37) % 900} ms`;
}

/** Bytes that do not compress: one MiB of hashes, over and over. */
function noise(bytes: number): Uint8Array {
  const block = Buffer.alloc(MIB);
  for (let at = 0; at < MIB; at += 32) createHash('sha256').update(`${at}`).digest().copy(block, at);
  return Buffer.alloc(bytes, block);
}

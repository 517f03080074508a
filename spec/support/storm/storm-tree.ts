/** Holds the files that a storm reads and writes, and their known facts. */
import { createHash } from 'node:crypto';
import { mkdir, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { InteropServer } from '../interop/interop-server.js';
import { Random } from '../random.js';

export const bigBytes = 64 * 1024 * 1024;
export const manyFiles = 3000;

/** A file whose every fact is known. */
export const known = { path: 'known.bin', bytes: 1024 * 1024, modified: new Date('2024-02-03T04:05:06Z') } as const;
export const small = { path: 'small.txt', bytes: 6 } as const;
export const big = { path: 'big.bin', bytes: bigBytes } as const;
export const many = { path: 'many', files: manyFiles } as const;

export interface StormTree {
  /** Of the known file, SHA-256 in hex. */
  readonly digest: string;
}

export async function plantStormTree(server: InteropServer, random = new Random(1)): Promise<StormTree> {
  const at = (path: string): string => join(server.root, path);
  const content = random.bytes(known.bytes);
  await writeFile(at(known.path), content);
  await utimes(at(known.path), known.modified, known.modified);
  await writeFile(at(small.path), 'small\n');
  await writeFile(at(big.path), '');
  await truncate(at(big.path), big.bytes);
  await mkdir(at(many.path));
  const names = Array.from({ length: many.files }, (_, n) => `a-file-with-a-name-of-some-length-${n}.dat`);
  await Promise.all(names.map((name) => writeFile(join(at(many.path), name), '')));
  await server.adopt();
  return { digest: createHash('sha256').update(content).digest('hex') };
}

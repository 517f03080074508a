/** The checksums of two files by one algorithm: the strongest that both sides know. */
import type { FileHash } from '../client/operations/hash.js';
import { FtpUnsupportedError } from '../errors.js';
import { HASH_ALGORITHMS, type HashName } from '../protocol/hash-algorithms.js';

export type KnownHash = Pick<FileHash, 'algorithm' | 'value'>;

/** Asks one side; without an algorithm, for its strongest. Rejects with FtpUnsupportedError, and sends nothing, where it has none. */
export type AskHash = (algorithm?: HashName) => Promise<KnownHash>;

export interface CommonHash {
  readonly algorithm: HashName;
  readonly isSame: boolean;
  readonly one: string;
  readonly other: string;
}

/** @param known the algorithm that both sides were found to know. */
export async function commonHash(one: AskHash, other: AskHash, known?: HashName): Promise<CommonHash> {
  const first = await one(known);
  const second = await supported(other(first.algorithm));
  if (second !== undefined) return compared(first, second);
  const strongest = HASH_ALGORITHMS.findIndex(({ name }) => name === first.algorithm);
  for (const { name } of HASH_ALGORITHMS.slice(strongest + 1)) {
    const there = await supported(other(name));
    const here = there === undefined ? undefined : await supported(one(name));
    if (there !== undefined && here !== undefined) return compared(here, there);
  }
  throw new FtpUnsupportedError(
    `The two servers have no checksum in common: one has ${first.algorithm} as its strongest.`,
    { command: 'HASH', outcome: 'none' },
  );
}

function compared({ algorithm, value: one }: KnownHash, { value: other }: KnownHash): CommonHash {
  return { algorithm, isSame: one === other, one, other };
}

/** Undefined where the side does not know the algorithm. */
async function supported(asked: Promise<KnownHash>): Promise<KnownHash | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof FtpUnsupportedError) return undefined;
    throw error;
  }
}

/**
 * Lists the hash algorithms of file checksums: their names, the length of their values, and their commands.
 *
 * `HASH` (draft-bryan-ftpext-hash) knows all of them by name. Each of the other commands is older, and knows one algorithm.
 */
import type { Features } from './features.js';

/** The name of an algorithm, as `hash$` spells it. */
export type HashName = 'SHA-512' | 'SHA-384' | 'SHA-256' | 'SHA-224' | 'SHA-1' | 'MD5' | 'CRC-32';

/** The proof that a transfer is whole: its size, or the checksum by this algorithm. */
export type VerifiedBy = 'size' | HashName;

/** The verbs of the commands that tell a checksum. */
export type HashVerb = 'HASH' | 'XSHA512' | 'XSHA256' | 'XSHA1' | 'XSHA' | 'XMD5' | 'MD5' | 'XCRC';

export interface HashAlgorithm {
  readonly name: HashName;
  /** Hexadecimal digits of a value. */
  readonly digits: number;
  /** The commands that know this algorithm alone, the most usual one first. */
  readonly verbs: readonly HashVerb[];
}

/** The strongest first. */
export const HASH_ALGORITHMS: readonly HashAlgorithm[] = [
  { name: 'SHA-512', digits: 128, verbs: ['XSHA512'] },
  { name: 'SHA-384', digits: 96, verbs: [] },
  { name: 'SHA-256', digits: 64, verbs: ['XSHA256'] },
  { name: 'SHA-224', digits: 56, verbs: [] },
  { name: 'SHA-1', digits: 40, verbs: ['XSHA1', 'XSHA'] },
  { name: 'MD5', digits: 32, verbs: ['XMD5', 'MD5'] },
  { name: 'CRC-32', digits: 8, verbs: ['XCRC'] },
];

/** The algorithm that `name` means, in any case, with or without hyphens: `sha256`, `SHA-256`; undefined for another. */
export function hashAlgorithm(name: string): HashAlgorithm | undefined {
  const letters = lettersOf(name);
  return HASH_ALGORITHMS.find((algorithm) => lettersOf(algorithm.name) === letters);
}

function lettersOf(name: string): string {
  return name.toUpperCase().replace(/[-_]/g, '');
}

/** One way to ask for a checksum. */
export interface HashWay {
  readonly algorithm: HashAlgorithm;
  readonly verb: HashVerb;
  /** The algorithm's name for OPTS, as the server spells it; only for HASH. */
  readonly option: string;
}

/**
 * The ways that a server with these features offers: the strongest algorithm first, and for each algorithm HASH first. A server that
 * names HASH without its algorithms may have any.
 */
export function hashWays(features: Features, wanted?: HashAlgorithm): readonly HashWay[] {
  const choices = features.hashAlgorithms.map(({ name }) => name);
  const algorithms = wanted === undefined ? HASH_ALGORITHMS : [wanted];
  return algorithms.flatMap((algorithm) => {
    const named = choices.find((choice) => hashAlgorithm(choice) === algorithm);
    const option = choices.length === 0 ? algorithm.name : named;
    const byHash: readonly HashVerb[] = features.has('HASH') && option !== undefined ? ['HASH'] : [];
    const own = algorithm.verbs.filter((verb) => features.has(verb));
    return [...byHash, ...own].map((verb) => ({ algorithm, verb, option: option ?? algorithm.name }));
  });
}

/** The algorithm that HASH uses before any OPTS, where FEAT marks one. */
export function initialHash(features: Features): string | undefined {
  return features.hashAlgorithms.find(({ enabled }) => enabled)?.name;
}

/** Whether this way may take a part of a file. Only the answer shows whether it does. */
export function mayTakeRange({ verb }: HashWay, features: Features): boolean {
  if (verb === 'HASH') return features.has('RANG');
  // MD5 (draft-twine-ftpmd5) has no place for offsets.
  return verb !== 'MD5';
}

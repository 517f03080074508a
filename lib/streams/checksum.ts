/** Computes a checksum by any algorithm of `hash$`, or another one of `node:crypto`. */
import { FtpUsageError } from '../errors.js';
import { nodeCrypto } from '../net/builtins.js';
import { type HashName, hashAlgorithm } from '../protocol/hash-algorithms.js';
import { printable } from '../protocol/printable.js';
import { openCrc32 } from './crc32.js';

export interface Checksum {
  update(bytes: Uint8Array): void;
  /** The value of all that was given, in lower-case hexadecimal. May be asked for once. */
  hex(): string;
}

/** The names of `hash$`, as `node:crypto` spells them. */
const NODE_NAMES: Readonly<Record<Exclude<HashName, 'CRC-32'>, string>> = {
  'SHA-512': 'sha512',
  'SHA-384': 'sha384',
  'SHA-256': 'sha256',
  'SHA-224': 'sha224',
  'SHA-1': 'sha1',
  MD5: 'md5',
};

/** Throws FtpUsageError for an algorithm that Node does not have. */
export function openChecksum(algorithm: string): Checksum {
  if (typeof algorithm !== 'string') throw new FtpUsageError('The digest algorithm must be a string');
  const name = hashAlgorithm(algorithm)?.name;
  return name === 'CRC-32' ? new CrcChecksum() : cryptoChecksum(name === undefined ? algorithm : NODE_NAMES[name]);
}

function cryptoChecksum(algorithm: string): Checksum {
  try {
    const hash = nodeCrypto().createHash(algorithm);
    return { update: (bytes) => void hash.update(bytes), hex: () => hash.digest('hex') };
  } catch (cause) {
    throw new FtpUsageError(`Unknown digest algorithm: ${printable(algorithm)}`, { cause });
  }
}

class CrcChecksum implements Checksum {
  readonly #crc32 = openCrc32();
  #value = 0;

  update(bytes: Uint8Array): void {
    this.#value = this.#crc32(bytes, this.#value);
  }

  hex(): string {
    return this.#value.toString(16).padStart(8, '0');
  }
}

/**
 * Makes the names of files that are not complete yet. By them a later run recognises the remains of an earlier one.
 *
 * A name has a digest of the final name and random digits: `rxftp-0a1b2c3d4e5f6071.part`. A later run takes it for a temporary name only if
 * the source or the target has a file of that final name. So it removes no file that merely has such a name.
 */
import { nodeCrypto } from '../../net/builtins.js';
import { randomDigits } from '../partial-name.js';

type NodeCrypto = ReturnType<typeof nodeCrypto>;

const DIGITS = 8;
const NAME = /^rxftp-(?<digest>[0-9a-f]{8})[0-9a-f]{8}\.part(?:\.old)?$/;

/** A new name for the file that will be `final`; short, since some servers allow few characters. */
export function temporaryName(final: string, crypto: NodeCrypto = nodeCrypto()): string {
  return `rxftp-${digestOf(final, crypto)}${randomDigits(DIGITS, crypto)}.part`;
}

/** Makes many names, and loads node:crypto once: that takes longer than a name. */
export class TemporaryNames {
  #crypto: NodeCrypto | undefined;

  of(final: string): string {
    this.#crypto ??= nodeCrypto();
    return temporaryName(final, this.#crypto);
  }
}

/** The digest that a temporary name has; undefined for any other name. */
export function digestIn(name: string): string | undefined {
  return NAME.exec(name)?.groups?.digest;
}

/** Whether it is the old file, put aside on a server that does not rename over one. */
export function isPutAside(name: string): boolean {
  return name.endsWith('.old');
}

export function digestOf(final: string, crypto: NodeCrypto = nodeCrypto()): string {
  return crypto.createHash('sha256').update(final).digest('hex').slice(0, DIGITS);
}

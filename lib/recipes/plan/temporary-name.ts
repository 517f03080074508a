/**
 * Makes the names of files that are not complete yet. By them a later run recognises the remains of an earlier one.
 *
 * A name has a digest of the final name and random digits: `rxftp-0a1b2c3d4e5f6071.part`. A later run takes it for a temporary name only if
 * the source or the target has a file of that final name. So it removes no file that merely has such a name.
 */
import { nodeCrypto } from '../../net/builtins.js';

type NodeCrypto = ReturnType<typeof nodeCrypto>;

const DIGITS = 8;
/** For 128 names. */
const DRAWN_BYTES = 512;
const NAME = /^rxftp-(?<digest>[0-9a-f]{8})[0-9a-f]{8}\.part(?:\.old)?$/;

/** A new name for the file that will be `final`; short, since some servers allow few characters. */
export function temporaryName(final: string): string {
  return new TemporaryNames().of(final);
}

/** Makes many names: it loads node:crypto once, and draws the random digits of many names at once. Both take longer than a name. */
export class TemporaryNames {
  #crypto: NodeCrypto | undefined;
  #digits = '';
  #used = 0;

  of(final: string): string {
    this.#crypto ??= nodeCrypto();
    return `rxftp-${digestOf(final, this.#crypto)}${this.#newDigits(this.#crypto)}.part`;
  }

  #newDigits(crypto: NodeCrypto): string {
    if (this.#used === this.#digits.length) {
      this.#digits = crypto.randomBytes(DRAWN_BYTES).toString('hex');
      this.#used = 0;
    }
    this.#used += DIGITS;
    return this.#digits.slice(this.#used - DIGITS, this.#used);
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

/** The names of representation types that users may write, as TYPE's argument. */
import { FtpUsageError } from '../../errors.js';
import type { TransferType } from './transfer-options.js';

const CODES: Readonly<Record<TransferType, 'I' | 'A'>> = /* @__PURE__ */ Object.freeze({
  binary: 'I',
  I: 'I',
  ascii: 'A',
  A: 'A',
});

/** The code of a type that was given; undefined when none was. */
export function typeCode(type: TransferType | undefined): 'I' | 'A' | undefined {
  if (type === undefined) return undefined;
  if (!Object.hasOwn(CODES, type))
    throw new FtpUsageError(`The option type must be 'binary' or 'ascii', not '${type}'.`);
  return CODES[type];
}

/** Defines and checks the content of a file as a test may give it. */
// Also a Promise of another realm: some test runners have one for each file.
import { isPromise } from 'node:util/types';
import { FtpUsageError } from '../errors.js';
import { printable } from '../protocol/printable.js';

export interface Attributes {
  /** The time of the last change. Default: 2024-01-01T00:00:00Z. */
  readonly modified?: Date | undefined;
  /** The permissions that listings show. Default: 0o644, of a directory 0o755. */
  readonly mode?: number | undefined;
}

/** A file with a time or a mode of its own. */
export interface StoredContent extends Attributes {
  /** Its bytes, which are copied; a string is UTF-8. */
  readonly bytes: string | Uint8Array;
}

/** A file whose bytes are made when they are sent, so that a large one takes no memory. */
export interface MadeContent extends Attributes {
  /** The number of its bytes. */
  readonly size: number;
  /**
   * The bytes from `start` up to, but without, `end`. The server asks it for 64 KiB at most. It must return exactly the requested bytes, at
   * once and not by a Promise. It may use the memory again at its next call.
   */
  readonly read: (start: number, end: number) => Uint8Array;
}

/** Throws an FtpUsageError, which names `path`, for a value that is no content. */
export function requireContent(path: string, content: unknown): asserts content is StoredContent | MadeContent {
  const given = (typeof content === 'object' ? content : undefined) as
    | Partial<StoredContent & MadeContent>
    | null
    | undefined;
  const { bytes, size, read, modified, mode } = given ?? {};
  const isStored = typeof bytes === 'string' || bytes instanceof Uint8Array;
  const isMade = isCount(size) && typeof read === 'function';
  if (isStored === isMade) {
    throw new FtpUsageError(`The file ${path} must be a string, a Uint8Array, { bytes } or { size, read }`);
  }
  requireKeys(path, content as object, ['modified', 'mode', ...(isStored ? ['bytes'] : ['size', 'read'])]);
  if (modified !== undefined && !isTime(modified)) {
    throw new FtpUsageError(`The time of the file ${path} must be a Date of the years 1970 to 9999`);
  }
  if (mode !== undefined && !(isCount(mode) && mode <= 0o7777)) {
    throw new FtpUsageError(`The mode of the file ${path} must be a number up to 0o7777`);
  }
}

/** Throws an FtpUsageError for a slice that is not what `read(start, end)` has to give. */
export function requireSlice(start: number, end: number, slice: unknown): asserts slice is Uint8Array {
  if (slice instanceof Uint8Array && slice.length === end - start) return;
  throw new FtpUsageError(`The function "read" of a file gave ${nameOfSlice(slice)} for read(${start}, ${end})`);
}

function nameOfSlice(slice: unknown): string {
  if (slice instanceof Uint8Array) return `${slice.length} bytes`;
  if (!isPromise(slice)) return 'no Uint8Array';
  // The error of an async function would be an unhandled rejection. The test learns that it must not be async at all.
  slice.catch(() => {});
  return 'a Promise, and not the bytes themselves,';
}

function requireKeys(path: string, content: object, known: readonly string[]): void {
  const unknown = Object.keys(content).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new FtpUsageError(
    `The file ${path} has the unknown key ${printable(unknown)}. Its keys are: ${known.join(', ')}`,
  );
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** Also a Date of fake timers, which has a class of its own. */
function isTime(value: unknown): boolean {
  return Object.prototype.toString.call(value) === '[object Date]' && isOfNow((value as Date).getTime());
}

/** Up to the year 9999: MDTM has four digits for it. */
function isOfNow(ms: number): boolean {
  return ms >= 0 && ms < Date.UTC(10_000, 0, 1);
}

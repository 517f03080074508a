/** Decides about an existing file, by the option `exists` of `download$` and `upload$`. */
import { FtpUsageError } from '../errors.js';

/**
 * - `overwrite`: it is replaced when the new one is complete.
 * - `skip`: it is left as it is, and nothing is transferred.
 * - `newer`: it is replaced if the source was changed later, by whole seconds; else it is left as it is.
 * - `rename`: it is left as it is, and the new one gets a free name: `a (1).txt`.
 * - `fail`: an error, before anything is transferred.
 * - `resume`: as `overwrite`, but what an earlier run has left of the same file is completed.
 */
export type ExistsChoice = 'overwrite' | 'skip' | 'newer' | 'rename' | 'fail' | 'resume';

const CHOICES: Readonly<Record<ExistsChoice, true>> = {
  overwrite: true,
  skip: true,
  newer: true,
  rename: true,
  fail: true,
  resume: true,
};

/** Throws FtpUsageError for what is no choice. */
export function checkExists(exists: unknown): void {
  if (exists === undefined || (typeof exists === 'string' && Object.hasOwn(CHOICES, exists))) return;
  const names = Object.keys(CHOICES).map((name) => `'${name}'`);
  throw new FtpUsageError(`The option exists must be one of ${names.join(', ')}, not ${JSON.stringify(exists)}.`);
}

/** Throws FtpUsageError for what is neither true nor false. */
export function checkFlag(name: string, value: unknown): void {
  if (value === undefined || typeof value === 'boolean') return;
  throw new FtpUsageError(`The option ${name} must be true or false.`);
}

/** Whether `source` was changed later than `target`, as far as the coarser of two clocks tells: in whole seconds. */
export function isNewer(source: Date, target: Date): boolean {
  return Math.floor(source.getTime() / 1000) > Math.floor(target.getTime() / 1000);
}

/** VMS: a device, and a directory in brackets. */
const VMS_DIRECTORY = /^(?:[\w$]+:)?\[[\w.$-]+\](?=[\w$])/;

/**
 * Where the name of the file begins in a path, also of Windows (`dir\a`) and VMS (`[dir]a`). On a server that knows other
 * separators, what is before that is a part of the name, and stays one.
 */
export function nameStart(path: string): number {
  const slash = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1;
  return slash > 0 ? slash : (VMS_DIRECTORY.exec(path)?.[0].length ?? 0);
}

/** The names that may be free in place of `path`, in order: `a (1).txt`, `a (2).txt` ... */
export function* otherNames(path: string): Generator<string, undefined> {
  const start = nameStart(path);
  // A name that begins with its only dot has no extension.
  const dot = path.lastIndexOf('.');
  const end = dot > start ? dot : path.length;
  for (let number = 1; ; number += 1) yield `${path.slice(0, end)} (${number})${path.slice(end)}`;
}

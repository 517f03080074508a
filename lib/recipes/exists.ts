/** Decides about an existing file, by the option `exists` of `download$` and `upload$`. */
import { FtpUsageError } from '../errors.js';

/**
 * - `overwrite`: the new file replaces it when complete.
 * - `skip`: it stays unchanged, and nothing is transferred.
 * - `newer`: the new file replaces it if the source has changed later, by whole seconds; otherwise it stays unchanged.
 * - `rename`: it stays unchanged, and the new one gets a free name: `a (1).txt`.
 * - `fail`: an error, before anything is transferred.
 * - `resume`: as `overwrite`, but it completes the partial file of an earlier run.
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

/** Throws FtpUsageError for an unknown choice. */
export function checkExists(exists: unknown): void {
  if (exists === undefined || (typeof exists === 'string' && Object.hasOwn(CHOICES, exists))) return;
  const names = Object.keys(CHOICES).map((name) => `'${name}'`);
  throw new FtpUsageError(`The option exists must be one of ${names.join(', ')}, not ${JSON.stringify(exists)}.`);
}

/** Throws FtpUsageError for a value that is neither true nor false. */
export function checkFlag(name: string, value: unknown): void {
  if (value === undefined || typeof value === 'boolean') return;
  throw new FtpUsageError(`The option ${name} must be true or false.`);
}

/** Whether `source` has changed later than `target`, at the coarser precision of two clocks: in whole seconds. */
export function isNewer(source: Date, target: Date): boolean {
  return Math.floor(source.getTime() / 1000) > Math.floor(target.getTime() / 1000);
}

/** VMS: a device, and a directory in brackets. */
const VMS_DIRECTORY = /^(?:[\w$]+:)?\[[\w.$-]+\](?=[\w$])/;

/**
 * The position of the file's name in a path, also of Windows (`dir\a`) and VMS (`[dir]a`). On a server with other separators, the part
 * before that belongs to the name, and stays one.
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

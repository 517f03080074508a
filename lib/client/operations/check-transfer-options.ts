/** Checks the options of transfers at subscription: a bad option fails before the client sends anything. */
import { isObservable } from 'rxjs';
import { FtpUsageError } from '../../errors.js';
import { requireCount, requireInterval, unfit } from '../../protocol/check-number.js';
import { requireKnownOptions } from '../../protocol/option-names.js';
import { isAscii } from '../../protocol/representation-type.js';
import { checkLimits } from '../check-limits.js';
import { TRANSFER_ALIASES } from '../option-aliases.js';
import { checkRetrResume, checkStorResume } from './resume/check-resume.js';
import { optionNamesOf } from './transfer-option-names.js';
import {
  type AppeOptions,
  type RetrLinesOptions,
  type RetrOptions,
  type StorLinesOptions,
  type StorOptions,
  typeCode,
} from './transfer-options.js';

const COUNTS = ['end', 'size'] as const;

/** Throws FtpUsageError for options that `retr$` cannot have. */
export function checkRetrOptions(options: RetrOptions): void {
  requireKnownOptions(options, optionNamesOf('retr$'), TRANSFER_ALIASES);
  for (const name of COUNTS) if (options[name] !== undefined) checkCount(name, options[name]);
  const { start = 0, end, size, type, verify } = options;
  if (!Number.isSafeInteger(start)) throw unfit('The option start', 'a whole number', start);
  if (end !== undefined && end <= start)
    throw new FtpUsageError('The option end must be above start: it is exclusive.');
  const ascii = type !== undefined && typeCode(type) === 'A';
  if (ascii) refuseAscii(options);
  if (!ascii && size !== undefined && start > size) {
    throw new FtpUsageError(`The option start (${start}) is beyond the end of the file, by the option size (${size}).`);
  }
  if (verify !== undefined) checkVerify(verify, ['known', 'size', 'hash', false]);
  checkRetrResume(options.resume, ascii);
  checkPause(options.pause$);
  checkLimits(options);
}

function checkPause(pause$: unknown): void {
  if (pause$ === undefined || isObservable(pause$)) return;
  throw new FtpUsageError('The option pause$ must be an Observable of true and false.');
}

/** Throws FtpUsageError for options that `stor$` cannot have. */
export function checkStorOptions(options: StorOptions): void {
  requireKnownOptions(options, optionNamesOf('stor$'), TRANSFER_ALIASES);
  checkCount('start', options.start);
  checkUpload(options);
  checkStorResume(options.resume, typeCode(options.type) === 'A');
  checkStart(options.start, typeCode(options.type));
}

/** Throws FtpUsageError for an upload in ASCII that begins within the file. SIZE, REST and the source count other bytes then. */
export function checkStart(start: number | undefined, type: string | undefined): void {
  if (start === undefined || start === 0 || type === undefined || !isAscii(type)) return;
  throw new FtpUsageError(
    "The option start is not for uploads of the type ascii, whose offsets count converted line ends: give type: 'binary', or upload the whole file.",
  );
}

/** Throws FtpUsageError for options that `appe$` and `stou$` cannot have. */
export function checkAppeOptions(options: AppeOptions): void {
  requireKnownOptions(options, optionNamesOf('appe$'), TRANSFER_ALIASES);
  checkUpload(options);
}

/** Throws FtpUsageError for options that `retrLines$` cannot have: it reads whole files, in ASCII. */
export function checkRetrLinesOptions(options: RetrLinesOptions): void {
  requireKnownOptions(options, optionNamesOf('retrLines$'), TRANSFER_ALIASES);
  checkPause(options.pause$);
  checkLimits(options);
}

/** Throws FtpUsageError for options that `storLines$` cannot have: it writes whole files, in ASCII. */
export function checkStorLinesOptions(options: StorLinesOptions): void {
  requireKnownOptions(options, optionNamesOf('storLines$'), TRANSFER_ALIASES);
  checkUpload(options);
}

function checkUpload(options: AppeOptions): void {
  const { type, verify, progressIntervalMs, deletePartial } = options;
  const code = typeCode(type);
  checkLimits(options);
  if (verify !== undefined) checkVerify(verify, ['size', 'hash', false]);
  if (verify === 'hash' && code !== undefined && isAscii(code)) refuseAsciiHash();
  checkProgressInterval(progressIntervalMs);
  if (deletePartial !== undefined && typeof deletePartial !== 'boolean') {
    throw new FtpUsageError('The option deletePartial must be true or false.');
  }
}

/** Throws FtpUsageError for a value that is no time between two reports. */
export function checkProgressInterval(intervalMs: number | undefined): void {
  if (intervalMs !== undefined) requireInterval('The option progressIntervalMs', intervalMs);
}

/** Throws FtpUsageError for a value that is no offset and no size. */
export function checkCount(name: string, value: number | undefined): void {
  if (value !== undefined) requireCount(`The option ${name}`, value);
}

function checkVerify(value: unknown, choices: readonly unknown[]): void {
  if (choices.includes(value)) return;
  const allowed = choices.map((choice) => JSON.stringify(choice)).join(' or ');
  throw new FtpUsageError(`The option verify must be ${allowed}, not ${JSON.stringify(value)}.`);
}

/** Throws FtpUsageError for a transfer in ASCII, whose bytes are not those of the file. */
export function refuseAsciiHash(): never {
  throw new FtpUsageError(
    "The option verify: 'hash' is not for the type ascii, whose bytes are not those of the file: give type: 'binary'.",
  );
}

/** Throws FtpUsageError for a download in ASCII that counts from the end, or is to be verified by a checksum. */
export function refuseAscii({ start = 0, verify }: RetrOptions): void {
  if (verify === 'hash') refuseAsciiHash();
  if (start >= 0) return;
  throw new FtpUsageError(
    "The option start below 0 is not for the type ascii, whose bytes SIZE does not count: give type: 'binary'.",
  );
}

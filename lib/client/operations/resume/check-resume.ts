/** Checks the option `resume` and fills in its defaults. */
import { FtpUsageError } from '../../../errors.js';
import { requireCount, unfit } from '../../../protocol/check-number.js';
import { type OptionAliases, requireKnownParts } from '../../../protocol/option-names.js';
import type { ResumeOptions } from '../transfer-options.js';

/** So many bytes are kept of each download, and sent again after each drop. */
const MOST_OVERLAP_BYTES = 64 * 1024 * 1024;

const PARTS: Readonly<Record<keyof ResumeOptions, true>> = { overlapBytes: true, fromStart: true };
const ALIASES: OptionAliases = {
  overlapBytes: ['overlap', 'overlapsize', 'window', 'windowbytes', 'check', 'checkbytes'],
  fromStart: ['restart', 'frombeginning', 'startover'],
};

/** The option of a download, filled in. */
export interface Resumption {
  readonly overlapBytes: number;
  readonly fromStart: boolean;
}

/** `resume` with its defaults; undefined if the download is not to be resumed. */
export function resumeOf(resume: boolean | ResumeOptions | undefined): Resumption | undefined {
  if (resume === undefined || resume === false) return undefined;
  // JavaScript may give anything, which is refused at subscription.
  const { overlapBytes = 4096, fromStart = false } = typeof resume === 'object' && resume !== null ? resume : {};
  return { overlapBytes, fromStart };
}

/** Throws FtpUsageError for a `resume` that a download cannot have. */
export function checkRetrResume(resume: unknown, ascii: boolean): void {
  if (resume === undefined || resume === false) return;
  if (resume !== true) checkParts(resume);
  if (ascii) refuseAsciiResume();
}

/** Throws FtpUsageError for a `resume` that an upload cannot have. */
export function checkStorResume(resume: unknown, ascii: boolean): void {
  if (resume !== undefined && typeof resume !== 'boolean') {
    throw new FtpUsageError('The option resume must be true or false: of an upload it has no parts.');
  }
  if (resume === true && ascii) refuseAsciiResume();
}

export function refuseAsciiResume(): never {
  throw new FtpUsageError(
    "The option resume is not for the type ascii, whose offsets count converted line ends: give type: 'binary'.",
  );
}

function checkParts(resume: unknown): void {
  if (typeof resume !== 'object' || resume === null) {
    throw new FtpUsageError('The option resume must be true, false, or an object of overlapBytes and fromStart.');
  }
  requireKnownParts('resume', resume, PARTS, ALIASES);
  const { overlapBytes, fromStart } = resume as { readonly overlapBytes?: unknown; readonly fromStart?: unknown };
  if (overlapBytes !== undefined) requireCount('The option resume.overlapBytes', overlapBytes);
  if (Number(overlapBytes) > MOST_OVERLAP_BYTES) {
    throw unfit('The option resume.overlapBytes', `${MOST_OVERLAP_BYTES} at most`, overlapBytes);
  }
  if (fromStart !== undefined && typeof fromStart !== 'boolean') {
    throw new FtpUsageError('The option resume.fromStart must be true or false.');
  }
}

/** Checks the options of `download$` before it sends anything. */
import { checkProgressInterval, checkRetrOptions } from '../client/operations/check-transfer-options.js';
import { optionNamesOf } from '../client/operations/transfer-option-names.js';
import type { RetrOptions } from '../client/operations/transfer-options.js';
import { TRANSFER_ALIASES } from '../client/option-aliases.js';
import { FtpUsageError } from '../errors.js';
import { unfit } from '../protocol/check-number.js';
import { requireKnownOptions } from '../protocol/option-names.js';
import { checkExists, checkFlag, type ExistsChoice } from './exists.js';

/**
 * As those of `retr$`, but for `start`: the local file would be replaced by the tail of the remote one. With `end` it is replaced by
 * the head.
 */
export interface DownloadOptions extends Omit<RetrOptions, 'start'> {
  /** Least time between two progress values. Default 250. */
  readonly progressIntervalMs?: number | undefined;
  /**
   * What is done where the local file is there already: see `ExistsChoice`. Default `'overwrite'`. `'newer'` asks MDTM.
   *
   * `'resume'` asks SIZE and MDTM, and keeps the partial file of a download that fails or is left, also of a process that was killed. The
   * next download completes it, if the remote file still has that size and time; else it begins anew, and removes the old partial file. The last
   * 4096 bytes of it are compared with the remote ones: where they differ, `FtpTransferError`, and the partial file is removed. On a server
   * without SIZE, MDTM or REST it begins anew. Not with `end`, nor in the type `ascii`.
   */
  readonly exists?: ExistsChoice | undefined;
  /** Give the local file the time of the remote one, which MDTM is asked for first. Its refusal is an `FtpReplyError`. Default `false`. */
  readonly keepTime?: boolean | undefined;
  /** Complete only when the file and its name are on the disk (fsync). Default `false`. */
  readonly fsync?: boolean | undefined;
  /**
   * Download a large file by so many transfers at once, from 1 to 64. Each has a part of the file, and a session of its own. Default 1:
   * one stream. The client needs one session more, since it keeps one free for commands: `maxSessions: segments + 1`. On fewer
   * sessions there are fewer transfers at once, and on one session there is one stream. `segments` of the progress tells how many.
   *
   * SIZE and MDTM are asked before, and once more when all bytes have come. A file that was changed meanwhile is an `FtpTransferError`
   * with `changed: true`. A transfer is aborted (RFC 959 section 4.1.3, ABOR) when it has its part. A file below 2 MiB comes as one stream, and
   * so does one whose size the server does not tell. So does any file on a server that refuses or ignores REST (RFC 3659 section 5).
   * `deadlineMs`, `minRate`, `pause$` and `resume` hold for each transfer.
   *
   * With `exists: 'resume'` a file that ends in `.map`, beside the partial file, tells which parts are on the disk. The
   * next run downloads what is missing, if SIZE and MDTM still fit. Bytes move as `binary`: not with `end`, nor in the type `ascii`.
   */
  readonly segments?: number | undefined;
}

/** The options that `retr$` is not given. */
const OWN = { progressIntervalMs: true, exists: true, keepTime: true, fsync: true, segments: true } as const;

const MOST_SEGMENTS = 64;

/** Throws FtpUsageError for what `download$` cannot be asked for. */
export function checkDownloadOptions(options: DownloadOptions): void {
  requireOptions(options);
  const { progressIntervalMs, exists, keepTime, fsync, segments } = options;
  checkRetrOptions(retrOptionsOf(options));
  checkProgressInterval(progressIntervalMs);
  checkExists(exists);
  checkFlag('keepTime', keepTime);
  checkFlag('fsync', fsync);
  if (exists === 'resume') requireWholeBinary("exists: 'resume'", options);
  checkSegments(segments);
  if (segments !== undefined && segments > 1) requireWholeBinary('segments', options);
}

/** Those of the options that `retr$` takes. */
export function retrOptionsOf(options: DownloadOptions): RetrOptions {
  const { progressIntervalMs, exists, keepTime, fsync, segments, ...others } = options;
  return others;
}

/** What `retr$` takes but `start`, for which there is an error of its own: it comes with the options of a `retr$`, say. */
function requireOptions(options: DownloadOptions): void {
  const { start: _refused, ...taken } = optionNamesOf('retr$');
  const names: Readonly<Record<keyof DownloadOptions, true>> = { ...taken, ...OWN };
  // JavaScript may give null, which is refused below.
  const { start }: RetrOptions = options ?? {};
  if (start !== undefined) {
    throw new FtpUsageError(
      'download$ takes no start: it would replace the local file by the tail of the remote one. ' +
        "To append: pipeline(retr$(remote, { start }), createWriteStream(local, { flags: 'a' })). " +
        "To go on with a download that was broken off: exists: 'resume'.",
    );
  }
  requireKnownOptions(options, names, TRANSFER_ALIASES);
}

function checkSegments(segments: unknown): void {
  if (segments === undefined) return;
  const isCount = Number.isSafeInteger(segments) && Number(segments) >= 1 && Number(segments) <= MOST_SEGMENTS;
  if (!isCount) throw unfit('The option segments', `a whole number from 1 to ${MOST_SEGMENTS}`, segments);
}

function requireWholeBinary(option: string, { end, type }: DownloadOptions): void {
  if (end !== undefined) throw new FtpUsageError(`The option ${option} is not for a part of a file: leave out end.`);
  if (type === 'ascii' || type === 'A') {
    throw new FtpUsageError(`The option ${option} is not for the type ascii, whose offsets count other bytes.`);
  }
}

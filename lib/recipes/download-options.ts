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
 * The options of `retr$`, without `start`, which would replace the local file by the tail of the remote one. With `end` the head replaces
 * it.
 */
export interface DownloadOptions extends Omit<RetrOptions, 'start'> {
  /** Least time between two progress values. Default 250. */
  readonly progressIntervalMs?: number | undefined;
  /**
   * The treatment of an existing local file: see `ExistsChoice`. Default `'overwrite'`. `'newer'` sends MDTM.
   *
   * `'resume'` sends SIZE and MDTM. It keeps the partial file of a download that fails or is unsubscribed, and that of a killed process.
   * The next download completes it, if the remote file still has that size and time. Otherwise it begins anew, and removes the old partial
   * file. It compares the last 4096 bytes with the remote ones. If they differ, it errors with `FtpTransferError` and removes the partial
   * file. On a server without SIZE, MDTM or REST it begins anew. Not with `end`, nor in the type `ascii`.
   */
  readonly exists?: ExistsChoice | undefined;
  /**
   * Give the local file the time of the remote one, for which the client sends MDTM first. A refusal is an `FtpReplyError`. Default
   * `false`.
   */
  readonly keepTime?: boolean | undefined;
  /** Complete only when the file and its name are on the disk (fsync). Default `false`. */
  readonly fsync?: boolean | undefined;
  /**
   * Download a large file by this many transfers at once, from 1 to 64. Each transfers a part of the file on its own session. Default 1:
   * one stream. The client needs one session more, since it keeps one free for commands: `maxSessions: segments + 1`. On fewer sessions
   * there are fewer transfers at once, and on one session there is one stream. `segments` of the progress tells their number.
   *
   * The client sends SIZE and MDTM before, and once more when all bytes have come. A file that has changed meanwhile is an
   * `FtpTransferError` with `changed: true`. The client aborts a transfer (RFC 959 section 4.1.3, ABOR) when it has its part. A file below
   * 2 MiB comes as one stream, and so does one whose size the server does not tell. On a server that refuses or ignores REST (RFC 3659
   * section 5), any file does. `deadlineMs`, `minRate`, `pause$` and `resume` hold for each transfer.
   *
   * With `exists: 'resume'` a file that ends in `.map`, beside the partial file, names the parts on the disk. The next run downloads the
   * missing parts, if SIZE and MDTM still fit. Bytes move as `binary`: not with `end`, nor in the type `ascii`.
   */
  readonly segments?: number | undefined;
}

/** The options that `download$` does not pass to `retr$`. */
const OWN = { progressIntervalMs: true, exists: true, keepTime: true, fsync: true, segments: true } as const;

const MOST_SEGMENTS = 64;

/** Throws FtpUsageError for options that `download$` cannot have. */
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

/** Picks the options that `retr$` takes. */
export function retrOptionsOf(options: DownloadOptions): RetrOptions {
  const { progressIntervalMs, exists, keepTime, fsync, segments, ...others } = options;
  return others;
}

/** The options of `retr$` without `start`, which has its own error: it may come with the options of a `retr$`. */
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

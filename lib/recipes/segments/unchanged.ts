/** Checks that the remote file is still the one with which a download in segments began. */
import { FtpTransferError } from '../../errors.js';
import { askIfTold } from '../ask.js';
import type { DownloadFtp } from '../local-plan.js';
import type { SegmentedFile } from './segment-plan.js';

interface Asking {
  readonly ftp: DownloadFtp;
  readonly remote: string;
  /** The number of bytes that this download has moved, for errors. */
  readonly bytes: number;
  readonly signal: AbortSignal;
}

/** Sends SIZE, and MDTM if it was told before. Rejects with FtpTransferError if they tell another file. */
export async function requireUnchanged(
  { ftp, remote, bytes, signal }: Asking,
  { size, modified }: SegmentedFile,
): Promise<void> {
  const asked = { path: remote, signal, option: 'segments' };
  const found = await askIfTold<number, 'size$'>(ftp, 'size$', asked);
  const time = modified === undefined ? undefined : await askIfTold<Date, 'mdtm$'>(ftp, 'mdtm$', asked);
  if (found === size && time?.getTime() === modified?.getTime()) return;
  throw new FtpTransferError(
    `RETR ${remote}: the file was changed while it was downloaded in segments. It had ${stateOf(size, modified)}, and has ${stateOf(found, time)}.`,
    { command: `RETR ${remote}`, bytes, changed: true },
  );
}

function stateOf(size: number | undefined, modified: Date | undefined): string {
  const bytes = size === undefined ? 'no size' : `${size} bytes`;
  return modified === undefined ? bytes : `${bytes} of ${modified.toISOString()}`;
}

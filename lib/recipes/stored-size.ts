/** Verifies the size of a file that was stored under a temporary name. */
import { FtpReplyError, FtpTransferError } from '../errors.js';
import { isUnknownCommand } from '../protocol/reply.js';
import type { UploadFtp } from './remote-plan.js';
import type { Leave } from './with-leave.js';

export interface StoredBytes {
  readonly ftp: Pick<UploadFtp, 'size$'>;
  readonly path: string;
  /** So many were sent. */
  readonly bytes: number;
  /** Ends the question. */
  readonly leave: Leave;
}

/**
 * SIZE (RFC 3659 section 4) must tell what was sent, else FtpTransferError. Resolves with undefined on a server that does not know SIZE.
 * Rejects with any other refusal.
 */
export async function verifyStoredSize({ ftp, path, bytes, leave }: StoredBytes): Promise<'size' | undefined> {
  if (ftp.size$ === undefined) return undefined;
  let size: number | undefined;
  try {
    size = await leave.last(ftp.size$(path));
  } catch (error) {
    if (error instanceof FtpReplyError && error.reply !== undefined && isUnknownCommand(error.reply)) return undefined;
    throw error;
  }
  if (size === bytes) return 'size';
  throw new FtpTransferError(
    `STOR ${path} was reported complete, but the file at the server has ${size} bytes where ${bytes} were expected.`,
    { command: `STOR ${path}`, bytes, transient: false },
  );
}

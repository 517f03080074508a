/** Verifies the size of a file that was stored under a temporary name. */
import { firstValueFrom } from 'rxjs';
import { FtpReplyError, FtpTransferError } from '../errors.js';
import { isUnknownCommand } from '../protocol/reply.js';
import type { UploadFtp } from './remote-plan.js';

export interface StoredBytes {
  readonly ftp: Pick<UploadFtp, 'size$'>;
  readonly path: string;
  /** So many were sent. */
  readonly bytes: number;
  readonly signal: AbortSignal;
}

/**
 * SIZE (RFC 3659 section 4) must tell what was sent, else FtpTransferError. Resolves with undefined on a server that does not know SIZE.
 * Rejects with any other refusal.
 */
export async function verifyStoredSize({ ftp, path, bytes, signal }: StoredBytes): Promise<'size' | undefined> {
  if (ftp.size$ === undefined) return undefined;
  let size: number;
  try {
    size = await firstValueFrom(ftp.size$(path, { signal }));
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

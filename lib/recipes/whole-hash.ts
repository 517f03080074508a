/** Compares the checksum of a local file with the server's, after a download in several runs. */
import { firstValueFrom } from 'rxjs';
import type { FtpOperations } from '../client/ftp-operations.js';
import { FtpTransferError, FtpUsageError } from '../errors.js';
import type { VerifiedBy } from '../protocol/hash-algorithms.js';
import { localChecksum } from './local-checksum.js';

export interface Compared {
  readonly ftp: Partial<Pick<FtpOperations, 'hash$'>>;
  readonly remote: string;
  /** The partial file, which is no link. */
  readonly local: string;
  /** The number of bytes that this transfer has moved, for errors. */
  readonly bytes: number;
  readonly signal: AbortSignal;
}

/** Resolves with the algorithm; rejects with FtpTransferError if the checksums differ. */
export async function compareHashes({ ftp, remote, local, bytes, signal }: Compared): Promise<VerifiedBy> {
  if (ftp.hash$ === undefined) throw new FtpUsageError("The option verify: 'hash' needs an ftp that has hash$.");
  const { algorithm, value } = await firstValueFrom(ftp.hash$(remote, { signal }));
  const found = await localChecksum(local, algorithm, { followsLinks: false, signal });
  if (found === value) return algorithm;
  throw new FtpTransferError(
    `RETR ${remote} is complete, but its ${algorithm} is ${found} where the server says ${value}. Its partial file was removed.`,
    { command: `RETR ${remote}`, bytes, transient: false },
  );
}

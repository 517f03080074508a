/** Plans an upload before the transfer, from the server's files. */
import { firstValueFrom, type Observable, toArray } from 'rxjs';
import type { FtpOperations } from '../client/ftp-operations.js';
import { FtpUsageError } from '../errors.js';
import { nodeCrypto } from '../net/builtins.js';
import type { FileEntry } from '../protocol/listing/file-entry.js';
import type { FileState, OpenFile } from '../sinks/file-source.js';
import { type Asked, ask, askIfTold, isRefusedForGood } from './ask.js';
import { isNewer, nameStart, otherNames } from './exists.js';
import type { UploadOptions } from './upload-options.js';

/** The number of bytes of the remote file that are compared before an upload continues it. */
const OVERLAP_BYTES = 4096;

/** The operations of a client that `upload$` needs: all but `stor$` only for the options that use them. */
export type UploadFtp = Pick<FtpOperations, 'stor$'> &
  Partial<Pick<FtpOperations, 'retr$' | 'lookup$' | 'size$' | 'mdtm$' | 'mfmt$' | 'rename$' | 'dele$'>>;

/** The local file, as it is before the upload. */
export interface LocalFile {
  readonly path: string;
  /** Undefined for a file without a size: a FIFO, say. */
  readonly size: number | undefined;
  readonly modified: Date;
  /** By this it is known again when it is read. Undefined for a FIFO or a device: each write to it changes its time. */
  readonly found?: FileState;
  readonly open: OpenFile;
}

export interface RemotePlan {
  /** The name that the file will have. */
  readonly final: string;
  /** The name under which it is stored: another one with `atomic`. */
  readonly stored: string;
  /** The number of stored bytes. */
  readonly start: number;
}

export interface WantedUpload {
  readonly ftp: UploadFtp;
  readonly local: LocalFile;
  readonly remote: string;
  readonly options: UploadOptions;
  readonly signal: AbortSignal;
}

/** Resolves with undefined if nothing is to be done. */
export async function planUpload(wanted: WantedUpload): Promise<RemotePlan | undefined> {
  const { remote, options } = wanted;
  const final = await chooseName(wanted);
  if (final === undefined) return undefined;
  const { exists, atomic = false, start = 0 } = options;
  const resumes = exists === 'resume';
  const stored = atomic ? temporaryPath(remote, resumes ? stateDigest(wanted) : randomDigits()) : final;
  return { final, stored, start: resumes ? await storedBytes(wanted, stored) : start };
}

/** The name to store under; undefined if the file that is there is left alone. */
async function chooseName({ ftp, local, remote, options, signal }: WantedUpload): Promise<string | undefined> {
  const { exists = 'overwrite' } = options;
  if (exists === 'overwrite' || exists === 'resume') return remote;
  const asked = (path: string): Asked => ({ path, signal, option: `exists: '${exists}'` });
  const isThere = async (path: string): Promise<boolean> => {
    if (ftp.lookup$ === undefined)
      throw new FtpUsageError(`The option exists: '${exists}' needs an ftp that has lookup$.`);
    const nothing: FileEntry | undefined = undefined;
    return (await firstValueFrom(ftp.lookup$(path, { signal }), { defaultValue: nothing })) !== undefined;
  };
  if (!(await isThere(remote))) return remote;
  if (exists === 'skip') return undefined;
  if (exists === 'fail') throw stands(remote);
  if (exists === 'newer') {
    const modified = await ask<Date, 'mdtm$'>(ftp, 'mdtm$', asked(remote));
    return isNewer(local.modified, modified) ? remote : undefined;
  }
  let free = remote;
  for (const name of otherNames(remote)) {
    free = name;
    if (!(await isThere(name))) break;
  }
  return free;
}

/** The number of bytes of the local file that the remote one has, by its size and its last bytes; 0 if it has other bytes, or tells none. */
async function storedBytes({ ftp, local, signal }: WantedUpload, stored: string): Promise<number> {
  const option = "exists: 'resume'";
  if (ftp.retr$ === undefined) throw new FtpUsageError(`The option ${option} needs an ftp that has retr$.`);
  const size = await askIfTold<number, 'size$'>(ftp, 'size$', { path: stored, signal, option });
  if (size === undefined || size === 0 || local.size === undefined || size > local.size) return 0;
  const start = Math.max(0, size - OVERLAP_BYTES);
  const tail$ = ftp.retr$(stored, { start, end: size, type: 'binary', verify: false, signal }).pipe(toArray());
  const remote = await toldBytes(tail$);
  const here = await readRange(local, { start, end: size }, signal);
  return remote?.equals(here) === true ? size : 0;
}

/** The bytes; undefined on a server that refuses for good to send them, or to begin within a file. */
async function toldBytes(chunks$: Observable<readonly Uint8Array[]>): Promise<Buffer | undefined> {
  try {
    return Buffer.concat(await firstValueFrom(chunks$));
  } catch (error) {
    if (isRefusedForGood(error)) return undefined;
    throw error;
  }
}

async function readRange(
  { path, open }: LocalFile,
  { start, end }: { readonly start: number; readonly end: number },
  signal: AbortSignal,
): Promise<Buffer> {
  const file = await open(path, signal);
  try {
    const bytes = Buffer.alloc(end - start);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, start);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Short, since some servers allow few characters; without a dot at its beginning, which some refuse. */
function temporaryPath(remote: string, digits: string): string {
  return `${remote.slice(0, nameStart(remote))}rxftp-${digits}.part`;
}

function randomDigits(): string {
  return nodeCrypto().randomBytes(6).toString('hex');
}

/** By it the next run knows its own temporary file. */
function stateDigest({ local, remote }: WantedUpload): string {
  const state = JSON.stringify([remote, local.size, local.modified.getTime()]);
  return nodeCrypto().createHash('sha256').update(state).digest('hex').slice(0, 12);
}

/** The error if a remote file must not be there and is. */
function stands(path: string): Error {
  return Object.assign(new Error(`EEXIST: there is a remote file, and the option exists is 'fail': '${path}'`), {
    code: 'EEXIST',
    path,
  });
}

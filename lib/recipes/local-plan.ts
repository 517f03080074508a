/** Plans a download before the transfer, from the local files and the server's answers. */
import { lstat, rm } from 'node:fs/promises';
import type { FtpOperations } from '../client/ftp-operations.js';
import { openRegular } from '../sinks/regular-file.js';
import { type Asked, ask, askIfTold } from './ask.js';
import type { DownloadOptions } from './download-options.js';
import { isNewer, otherNames } from './exists.js';
import { type FileToReplace, fileToReplace, firstFree, isThere, PartialFile, taken } from './partial-file.js';
import { otherPartialsOf, partialPathOf, type RemoteState } from './partial-name.js';
import { isWorthSegments, planMissing, planWhole, type SegmentPlan } from './segments/segment-plan.js';
import { readTail, type StoredTail } from './stored-tail.js';

/** The operations of a client that `download$` needs: `size$` and `mdtm$` only for the options that ask them. */
export type DownloadFtp = Pick<FtpOperations, 'retr$'> & Partial<Pick<FtpOperations, 'size$' | 'mdtm$' | 'hash$'>>;

export interface LocalPlan {
  readonly file: PartialFile;
  /** It stays on the disk if the download fails. */
  readonly keeps: boolean;
  /** The offset where the download begins: undefined at the beginning of the file. */
  readonly tail: StoredTail | undefined;
  /** The time that the file will have; undefined: that of its last write. */
  readonly modified: Date | undefined;
  /** Rejects where so many bytes are not the file: asked when they are stored, before they get the final name. */
  readonly confirm?: ((bytes: number) => Promise<void> | undefined) | undefined;
  /** The size of the remote file, if it was asked for. */
  readonly size: number | undefined;
  /** Undefined if the file comes as one stream. */
  readonly segments?: SegmentPlan;
}

export interface Wanted {
  readonly ftp: DownloadFtp;
  readonly remote: string;
  readonly local: string;
  readonly options: DownloadOptions;
  readonly signal: AbortSignal;
}

/** Resolves with undefined if nothing is to be done. */
export async function planDownload(wanted: Wanted): Promise<LocalPlan | undefined> {
  const { local, options } = wanted;
  const { exists = 'overwrite' } = options;
  const found = await fileToReplace(local);
  const exclusive = exists === 'rename' || exists === 'fail' || exists === 'skip';
  const isTaken = exclusive && (await isThere(local));
  if (isTaken && exists === 'fail') throw taken(local);
  if (isTaken && exists === 'skip') return undefined;
  const modified = await askTime(wanted, found);
  if (found !== undefined && exists === 'newer' && modified !== undefined && !isNewer(modified, found.modified)) {
    return undefined;
  }
  const keptTime = options.keepTime === true ? modified : undefined;
  if (exists === 'resume') return planResume(wanted, found, modified, keptTime);
  const others = exists === 'rename' ? otherNames(local) : undefined;
  const final = isTaken && others !== undefined ? await firstFree(others, local) : local;
  const plan = fromBeginning(new PartialFile(final, { mode: found?.mode, exclusive, others }), keptTime);
  const size = await askSegmentedSize(wanted);
  return size === undefined ? plan : { ...plan, segments: planWhole({ count: countOf(wanted), size, modified }) };
}

function countOf({ options }: Wanted): number {
  return options.segments ?? 1;
}

/** The size of a file that is to be downloaded in segments; undefined for one stream. A size that SIZE refutes is reported there. */
async function askSegmentedSize(wanted: Wanted): Promise<number | undefined> {
  const count = countOf(wanted);
  if (count === 1) return undefined;
  const { ftp, remote, signal, options } = wanted;
  const size = await askIfTold<number, 'size$'>(ftp, 'size$', { path: remote, signal, option: 'segments' });
  const isRefuted = options.size !== undefined && options.size !== size;
  return isWorthSegments(size, count) && !isRefuted ? size : undefined;
}

function fromBeginning(file: PartialFile, modified: Date | undefined): LocalPlan {
  return { file, keeps: false, tail: undefined, modified, size: undefined };
}

/** The remote file's time, if it is needed. To keep it, or to compare it, the server must tell it; to resume it may. */
function askTime(
  { ftp, remote, options, signal }: Wanted,
  found: FileToReplace | undefined,
): Promise<Date | undefined> {
  const { exists, keepTime = false, segments = 1 } = options;
  const asked = (option: string): Asked => ({ path: remote, signal, option });
  if (keepTime) return ask<Date, 'mdtm$'>(ftp, 'mdtm$', asked('keepTime'));
  if (exists === 'newer' && found !== undefined) return ask<Date, 'mdtm$'>(ftp, 'mdtm$', asked("exists: 'newer'"));
  if (exists === 'resume') return askIfTold<Date, 'mdtm$'>(ftp, 'mdtm$', asked("exists: 'resume'"));
  if (segments > 1) return askIfTold<Date, 'mdtm$'>(ftp, 'mdtm$', asked('segments'));
  return Promise.resolve(undefined);
}

async function planResume(
  wanted: Wanted,
  found: FileToReplace | undefined,
  modified: Date | undefined,
  keptTime: Date | undefined,
): Promise<LocalPlan> {
  const { ftp, remote, local, signal } = wanted;
  const mode = found?.mode;
  const size = await askIfTold<number, 'size$'>(ftp, 'size$', { path: remote, signal, option: "exists: 'resume'" });
  const count = isWorthSegments(size, countOf(wanted)) ? countOf(wanted) : 1;
  if (size === undefined || modified === undefined) {
    const plan = fromBeginning(new PartialFile(local, { mode }), keptTime);
    return count === 1 || size === undefined ? plan : { ...plan, segments: planWhole({ count, size, modified }) };
  }
  const state = { path: remote, size, modified };
  if (count > 1) return planSegments(wanted, { ...state, count, mode, keptTime });
  const path = partialPathOf(local, state);
  await removeOthers(local, path);
  const tail = await storedTail(path, size);
  const kept = tail === undefined ? undefined : tail.start + tail.bytes.length;
  return { file: new PartialFile(local, { path, mode, kept }), keeps: true, tail, modified: keptTime, size };
}

interface KeptSegments extends RemoteState {
  readonly count: number;
  readonly mode: number | undefined;
  readonly keptTime: Date | undefined;
}

/** The partial file of a download in segments has holes. By its other name, one stream does not take it for its own. */
async function planSegments({ local }: Wanted, { count, mode, keptTime, ...state }: KeptSegments): Promise<LocalPlan> {
  const path = partialPathOf(local, state, 'segments');
  await removeOthers(local, path);
  const { size, modified } = state;
  const { plan: segments, kept } = await planMissing({ count, size, modified }, path);
  const file = new PartialFile(local, { path, mode, kept });
  return { file, keeps: true, tail: undefined, modified: keptTime, size, segments };
}

async function removeOthers(local: string, path: string): Promise<void> {
  for (const other of await otherPartialsOf(local, path)) await rm(other, { force: true });
}

/**
 * The end of a partial file; undefined if there is none. One that is longer than the remote file is removed. A link that another program
 * has put there does not count. The download does not write through it, and making the file fails.
 */
async function storedTail(path: string, size: number): Promise<StoredTail | undefined> {
  const found = await lstat(path).catch(() => undefined);
  if (found?.isFile() !== true) return undefined;
  const length = found.size;
  if (length > size) {
    await rm(path);
    return undefined;
  }
  const { handle } = await openRegular(path, { followsLinks: false });
  try {
    return await readTail(handle, 0, length);
  } finally {
    await handle.close();
  }
}

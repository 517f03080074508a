/** Gives an uploaded file its final name by RNFR and RNTO, also if the server does not rename over a file. */
import { firstValueFrom, lastValueFrom, type Observable } from 'rxjs';
import { undoing } from '../client/parts.js';
import { FtpError, FtpReplyError, FtpUnsupportedError, FtpUsageError, withRemark } from '../errors.js';
import { command } from '../protocol/command.js';
import type { FileEntry } from '../protocol/listing/file-entry.js';
import { askIfTold } from './ask.js';
import type { RemotePlan, UploadFtp } from './remote-plan.js';

/** The operations that publishing needs. */
type Publisher = Pick<UploadFtp, 'rename$' | 'dele$' | 'size$' | 'lookup$'>;

export interface Published extends RemotePlan {
  readonly ftp: Publisher;
  readonly signal: Pick<AbortSignal, 'throwIfAborted'>;
}

type Renaming = Required<Pick<Publisher, 'rename$' | 'dele$'>>;

/** Throws FtpUsageError if `ftp` cannot rename and delete, or nothing can be renamed to `final`. */
export function requireRenaming(ftp: UploadFtp, final: string): void {
  command('RNTO', final);
  if (final === '' || final.endsWith('/')) throw new FtpUsageError(`Cannot upload to '${final}': it names no file.`);
  for (const name of ['rename$', 'dele$', 'size$'] as const) {
    if (ftp[name] === undefined) throw new FtpUsageError(`The option atomic needs an ftp that has ${name}.`);
  }
}

/**
 * Resolves when the file has its final name. If it rejects, the final name has its earlier file, unless the error names another place.
 */
export async function publish(published: Published): Promise<void> {
  try {
    await rename(published, published.stored, published.final);
  } catch (error) {
    if (!isRefused(error)) throw error;
    return replaceFile(published, error);
  }
}

/** The refused rename was one over a file, or a rename at all. */
async function replaceFile(published: Published, error: FtpReplyError): Promise<void> {
  if (!(await isFile(published, published.final))) throw explained(error);
  await replace(published);
}

/** The old file goes aside, the new one takes its name, and the old one is removed. */
async function replace(published: Published): Promise<void> {
  const { stored, final } = published;
  const aside = `${stored}.old`;
  const tidying = { ...published, ftp: undoing(published.ftp) };
  try {
    await putAside(published, aside);
  } catch (error) {
    if (isRefused(error)) throw explained(error);
    throw isLost(error) ? withRemark(error, `The file that was ${final} may be ${aside} now.`) : error;
  }
  try {
    await rename(published, stored, final);
  } catch (error) {
    await remarking(move(tidying, aside, final), `The file that was ${final} is ${aside} now.`);
    throw error;
  }
  await remarking(remove(tidying, aside), `The upload is ${final}. The file that it was before is ${aside}.`);
}

/** A killed run may have left an older file under that name. */
async function putAside(published: Published, aside: string): Promise<void> {
  try {
    await rename(published, published.final, aside);
  } catch (error) {
    if (!isRefused(error) || !(await isFile(published, aside))) throw error;
    await remove(published, aside);
    await rename(published, published.final, aside);
  }
}

/** The names that the files have where `work` fails, which tidies up behind other work. */
async function remarking(work: Promise<void>, remark: string): Promise<void> {
  try {
    await work;
  } catch (error) {
    throw error instanceof FtpError ? withRemark(error, remark) : error;
  }
}

/** A step that is not begun any more when the user has unsubscribed. */
function rename(published: Published, from: string, to: string): Promise<void> {
  published.signal.throwIfAborted();
  return move(published, from, to);
}

/** If the reply was lost, the names tell whether it was done. */
async function move(published: Published, from: string, to: string): Promise<void> {
  try {
    await done((published.ftp as Renaming).rename$(from, to));
  } catch (error) {
    if (!isLost(error) || !(await isMoved(published, from, to).catch(() => false))) throw error;
  }
}

async function isMoved(published: Published, from: string, to: string): Promise<boolean> {
  return !(await isFile(published, from)) && (await isFile(published, to));
}

async function remove(published: Published, path: string): Promise<void> {
  try {
    await done((published.ftp as Renaming).dele$(path));
  } catch (error) {
    if (!isLost(error) || (await isFile(published, path).catch(() => true))) throw error;
  }
}

/** The reply is lost: it may be done. */
function isLost(error: unknown): error is FtpError {
  return error instanceof FtpError && error.outcome === 'unknown';
}

async function isFile({ ftp }: Published, path: string): Promise<boolean> {
  const size = await askIfTold<number, 'size$'>(ftp, 'size$', { path, option: 'atomic' });
  if (size !== undefined) return true;
  return (await listed(ftp, path))?.kind === 'file';
}

/** The answer of a server without SIZE; undefined if it has no other command. */
async function listed(ftp: Publisher, path: string): Promise<FileEntry | undefined> {
  if (ftp.lookup$ === undefined) return undefined;
  try {
    return await lastValueFrom<FileEntry, undefined>(ftp.lookup$(path), { defaultValue: undefined });
  } catch (error) {
    if (error instanceof FtpReplyError || error instanceof FtpUnsupportedError) return undefined;
    throw error;
  }
}

function isRefused(error: unknown): error is FtpReplyError {
  return error instanceof FtpReplyError && error.outcome === 'refused';
}

function explained(error: FtpReplyError): FtpReplyError {
  return withRemark(
    error,
    'The server does not let the uploaded file be renamed: with atomic: false, STOR writes in place.',
  );
}

function done(operation$: Observable<unknown>): Promise<unknown> {
  return firstValueFrom(operation$, { defaultValue: undefined });
}

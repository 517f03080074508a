/** Gives an uploaded file its final name, by RNFR and RNTO, also on servers that do not rename over a file. */
import { firstValueFrom, type Observable } from 'rxjs';
import { FtpError, FtpReplyError, FtpUsageError } from '../errors.js';
import { askIfTold } from './ask.js';
import type { RemotePlan, UploadFtp } from './remote-plan.js';

export interface Published extends RemotePlan {
  readonly ftp: UploadFtp;
  readonly signal: AbortSignal;
}

type Renaming = Required<Pick<UploadFtp, 'rename$' | 'dele$'>>;

/** Throws FtpUsageError where `ftp` cannot rename and delete. */
export function requireRenaming(ftp: UploadFtp): void {
  for (const name of ['rename$', 'dele$', 'size$'] as const) {
    if (ftp[name] === undefined) throw new FtpUsageError(`The option atomic needs an ftp that has ${name}.`);
  }
}

/** Resolves when the file has its final name. Where it rejects, the final name has the file that it had before. */
export async function publish(published: Published): Promise<void> {
  const { stored, final } = published;
  try {
    await rename(published, stored, final);
  } catch (error) {
    if (!isRefused(error)) throw error;
    if (!(await isFile(published, final))) throw explained(error);
    await replace(published);
  }
}

/** The old file goes aside, the new one takes its name, and the old one is removed. */
async function replace(published: Published): Promise<void> {
  const { stored, final } = published;
  const aside = `${stored}.old`;
  try {
    await rename(published, final, aside);
  } catch (error) {
    throw isRefused(error) ? explained(error) : error;
  }
  try {
    await rename(published, stored, final);
  } catch (error) {
    await move(published, aside, final);
    throw error;
  }
  await done((published.ftp as Renaming).dele$(aside));
}

/** A step that is not begun any more when the user has left. */
function rename(published: Published, from: string, to: string): Promise<void> {
  published.signal.throwIfAborted();
  return move(published, from, to);
}

/** Where the reply was lost, the names tell whether it was done. */
async function move(published: Published, from: string, to: string): Promise<void> {
  try {
    await done((published.ftp as Renaming).rename$(from, to));
  } catch (error) {
    if (!(error instanceof FtpError && error.outcome === 'unknown')) throw error;
    const isDone = !(await isFile(published, from)) && (await isFile(published, to));
    if (!isDone) throw error;
  }
}

async function isFile({ ftp }: Published, path: string): Promise<boolean> {
  return (await askIfTold<number, 'size$'>(ftp, 'size$', { path, option: 'atomic' })) !== undefined;
}

function isRefused(error: unknown): error is FtpReplyError {
  return error instanceof FtpReplyError && error.outcome === 'refused';
}

function explained(error: FtpReplyError): FtpReplyError {
  const { command, reply, transient, outcome } = error;
  const why = 'The server does not let the uploaded file be renamed: without the option atomic, STOR writes in place.';
  return new FtpReplyError(`${error.message} ${why}`, { command, reply, transient, outcome, cause: error });
}

async function done(operation$: Observable<unknown>): Promise<void> {
  await firstValueFrom(operation$, { defaultValue: undefined });
}

/**
 * Tells the listing of a file from that of a directory. vsftpd, ftp-srv and others list a file as a directory with one entry,
 * of the file's own name. A directory may have such an entry too, and only CWD tells the two apart.
 */
import { identity, type OperatorFunction } from 'rxjs';
import type { Session } from '../../control/session.js';
import { FtpProtocolError, FtpReplyError } from '../../errors.js';
import type { Cancellation } from '../../net/cancellation.js';
import type { FileEntry } from '../../protocol/listing/file-entry.js';
import { parseMlst } from '../../protocol/mlst.js';
import { printable } from '../../protocol/printable.js';
import { formatReply } from '../../protocol/reply.js';
import { flowOperator } from '../../streams/flow.js';
import { askEntry } from './ask-entry.js';
import { askSize } from './ask-size.js';
import { lastName, withoutLastSlashes } from './last-name.js';
import { inDirectory } from './with-undo.js';

/** Whether a listing of `path` that has this entry alone may be that of a file. */
function isOwn({ kind, name }: FileEntry, path: string): boolean {
  return kind !== 'directory' && lastName(name) === lastName(path);
}

/** Holds a first entry that may be the file itself, until another comes, or the end. It is an error if it was the file. */
export function withoutOwnEntry(path: string | undefined): OperatorFunction<FileEntry, FileEntry> {
  if (path === undefined) return identity;
  return flowOperator((subscriber) => {
    let isFirst = true;
    let held: FileEntry | undefined;
    const handOn = (): void => {
      if (held !== undefined) subscriber.next(held);
      held = undefined;
    };
    return {
      next(entry) {
        handOn();
        if (isFirst && isOwn(entry, path)) held = entry;
        else subscriber.next(entry);
        isFirst = false;
      },
      complete() {
        handOn();
        subscriber.complete();
      },
      // A listing with rows that were not understood is whole: the entry was no file's own.
      onError(error) {
        if (error instanceof FtpProtocolError && error.unparsed.length > 0) handOn();
      },
    };
  });
}

/** Throws FtpReplyError when `path`, which was listed as a file, is no directory; runs `work` in it otherwise. */
export async function requireDirectory(
  session: Session,
  path: string,
  work: () => Promise<void> = async () => {},
): Promise<void> {
  let entered = false;
  const within = (): Promise<void> => {
    entered = true;
    return work();
  };
  try {
    await inDirectory(session, path, within);
  } catch (error) {
    throw !entered && error instanceof FtpReplyError ? fileInstead(path, error) : error;
  }
}

/** The error of a listing of `path`: one more telling, if it is a file. Many servers say the same of a file and of nothing. */
export async function refusedListing(
  session: Session,
  path: string | undefined,
  signal: Cancellation,
  error: unknown,
): Promise<unknown> {
  if (path === undefined || !(error instanceof FtpReplyError)) return error;
  if (/\bnot a directory\b/i.test(error.reply.text)) return fileInstead(path, error);
  if (error.outcome !== 'refused' || error.transient || signal.aborted) return error;
  // A question that fails shows nothing: the refusal stands.
  return (await isFile(session, path).catch(() => false)) ? fileInstead(path, error) : error;
}

/** By MLST, which tells a file from a directory; else by SIZE, which few servers tell of a directory. */
async function isFile(session: Session, path: string): Promise<boolean> {
  const name = withoutLastSlashes(path);
  if (name === '' || session.channel.cause !== undefined) return false;
  const listed = await askEntry(session, name);
  if (listed?.outcome === 'completion') return parseMlst(listed.reply).type === 'file';
  return listed === undefined && (await askSize(session, name))?.outcome === 'completion';
}

/** Without the hint of `error`, which asks whether it is a directory. */
function fileInstead(path: string, { command, reply, cause }: FtpReplyError): FtpReplyError {
  const told = `${command} was refused: ${formatReply(reply)}`;
  return new FtpReplyError(`${printable(path)} is a file, and not a directory (${told}). Use lookup$ for one file.`, {
    command,
    reply,
    cause,
  });
}

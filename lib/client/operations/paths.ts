/** Runs the commands on directories: CWD, CDUP, PWD and MKD (RFC 959 section 4.1). */

import type { Observable } from 'rxjs';
import { accepted, type FinalReply, type RequestOptions, refused } from '../../control/request.js';
import type { Session } from '../../control/session.js';
import { changesUserState, pathMovedTo } from '../../control/user-state.js';
import { FtpProtocolError, FtpTimeoutError } from '../../errors.js';
import { type Command, command } from '../../protocol/command.js';
import { bringsValue } from '../../protocol/exchange.js';
import { parsePathname } from '../../protocol/pathname.js';
import { isUnknownCommand, type Reply } from '../../protocol/reply.js';
import {
  checked,
  isForOnce,
  type OperationContext,
  plainCommand$,
  repeatable,
  type Terms,
  task$,
} from './operation.js';

/** CWD; `..` goes by CDUP, and an empty path means here, as in ftplib. */
export function cwd$(context: OperationContext, path: string): Observable<Reply> {
  if (path === '..') return cdup$(context);
  return task$(context, () => {
    const line = checked(context, 'CWD', path === '' ? '.' : path);
    return {
      ...movingTerms(path),
      ...repeatable(line),
      async work(session, emit) {
        const reply = accepted(await requestForUser(session, line), line.masked);
        await rememberDirectory(session, path, line);
        emit(reply);
      },
    };
  });
}

/** CDUP, or `CWD ..` on a server that does not know it. */
export function cdup$(context: OperationContext): Observable<Reply> {
  return task$(context, () => ({
    ...movingTerms('..'),
    ...repeatable(CDUP),
    async work(session, emit, signal) {
      const { reply, outcome } = await requestForUser(session, CDUP);
      if (outcome === 'refusal' && !isUnknownCommand(reply)) throw refused(CDUP.masked, reply);
      if (outcome === 'refusal' && signal.aborted) return;
      const way = outcome === 'refusal' ? command('CWD', '..') : CDUP;
      const done = outcome === 'refusal' ? accepted(await requestForUser(session, way), way.masked) : reply;
      await rememberDirectory(session, '..', way);
      emit(done);
    },
  }));
}

function movingTerms(path: string): Terms {
  return { kind: 'exclusive', changes: () => true, skipDirectory: isAbsolute(path) };
}

function isAbsolute(path: string): boolean {
  return path.startsWith('/');
}

/** The demands of a user's own command on its lease. */
export function leaseTerms(line: Command): Terms {
  const path = pathMovedTo(line);
  const repetition = { ...repeatable(line), ...(isForOnce(line) ? { mustNotRepeat: () => true } : {}) };
  if (path !== undefined) return { ...movingTerms(path), ...repetition };
  const mayFollowRnfr = line.verb === 'RNTO';
  return { kind: 'exclusive', changes: () => changesUserState(line), mayFollowRnfr, ...repetition };
}

/**
 * One exchange for a command of the user's own. If its replies do not show whether it has changed the directory, PWD shows the present one.
 * The client's directory is that from then on.
 */
export async function requestForUser(
  session: Session,
  line: Command,
  options: Partial<RequestOptions> = {},
): Promise<FinalReply> {
  try {
    return await session.request(line, options);
  } catch (error) {
    if (pathMovedTo(line) !== undefined && error instanceof FtpProtocolError) await findDirectory(session, error);
    throw error;
  }
}

async function findDirectory(session: Session, doubt: FtpProtocolError): Promise<void> {
  if (!session.user.wanted.shared || session.channel.cause !== undefined) return;
  const here = await directoryOf(session);
  // Other work must not run in a directory that may be another one.
  if (here === undefined) session.channel.close(doubt);
  else session.user.remember((state) => ({ ...state, directory: [command('CWD', here)] }));
}

/** The settings of a user's own command stay set. */
export async function rememberCommand(session: Session, line: Command): Promise<void> {
  const path = pathMovedTo(line);
  if (path === undefined) session.user.note(line);
  else await rememberDirectory(session, path, line);
}

/** Records that `done` has led to `path`, so that a client's other sessions can follow. */
async function rememberDirectory(session: Session, path: string, done: Command): Promise<void> {
  if (!session.user.wanted.shared) return;
  const here = isAbsolute(path) ? path : await directoryOf(session);
  session.user.remember((state) => ({
    ...state,
    directory: here === undefined ? [...state.directory, done] : [command('CWD', here)],
  }));
}

/** The session's directory by PWD; undefined on a server that does not tell it. */
export async function directoryOf(session: Session): Promise<string | undefined> {
  if (session.learned.lacks('PWD')) return undefined;
  const final = await session.requestOptional(PWD).catch((error: unknown) => {
    if (!(error instanceof FtpTimeoutError)) throw error;
    // The earlier command is done, though the session is lost.
    session.fallBackFromSilence('PWD', 'the CWD commands given so far');
    return undefined;
  });
  if (final === undefined) return undefined;
  if (final.outcome !== 'refusal') return pathOf(session, final.reply);
  noteMissingPwd(session, final.reply);
  return undefined;
}

function noteMissingPwd(session: Session, reply: Reply): void {
  if (isUnknownCommand(reply)) session.fallBack('PWD', 'the CWD commands given so far', reply);
}

const CDUP: Command = /* @__PURE__ */ command('CDUP');
const PWD: Command = /* @__PURE__ */ command('PWD');

export function pwd$(context: OperationContext): Observable<string> {
  return task$(context, () => ({
    kind: 'exclusive',
    ...repeatable(PWD),
    async work(session, emit) {
      const final = await session.request(PWD);
      if (final.outcome === 'refusal') noteMissingPwd(session, final.reply);
      emit(pathOf(session, accepted(final, PWD.masked)));
    },
  }));
}

/** The path that a reply to PWD names. */
function pathOf(session: Session, reply: Reply): string {
  const path = parsePathname(reply.text);
  if (path === undefined) throw new FtpProtocolError('The reply to PWD names no path.', { command: 'PWD', reply });
  return session.pathFrom(path);
}

/** MKD; a server that does not name the path has made the one it was asked for. */
export function mkd$(context: OperationContext, path: string): Observable<string> {
  return plainCommand$(
    context,
    () => checked(context, 'MKD', path),
    (reply, session) => createdPath(session, reply) ?? path,
  );
}

function createdPath(session: Session, reply: Reply): string | undefined {
  const created = bringsValue('MKD', reply) ? parsePathname(reply.text) : undefined;
  return created === undefined ? undefined : session.pathFrom(created);
}

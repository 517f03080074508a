/** Directories and names: CWD, CDUP, PWD, MKD, RMD, DELE, RNFR and RNTO (RFC 959 section 4.1). */
import type { Observable } from 'rxjs';
import type { ControlSession } from '../../control/control-session.js';
import { accepted, refused } from '../../control/request.js';
import { changesUserState, pathMovedTo } from '../../control/user-state.js';
import { FtpProtocolError } from '../../errors.js';
import { type Command, command } from '../../protocol/command.js';
import { parsePathname } from '../../protocol/pathname.js';
import type { Reply } from '../../protocol/reply.js';
import { checked, command$, type OperationContext, operation$, plainCommand$, type Terms, task$ } from './operation.js';

/** CWD; `..` goes by CDUP, and an empty path means here, as in ftplib. */
export function cwd$(context: OperationContext, path: string): Observable<Reply> {
  if (path === '..') return cdup$(context);
  return task$(context, () => {
    const line = checked(context, 'CWD', path === '' ? '.' : path);
    return {
      ...moving(path),
      async work(session, emit) {
        const reply = accepted(await session.request(line), line.masked);
        await rememberDirectory(session, path);
        emit(reply);
      },
    };
  });
}

/** CDUP, or `CWD ..` on a server that does not know it. */
export function cdup$(context: OperationContext): Observable<Reply> {
  return task$(context, () => ({
    ...moving('..'),
    async work(session, emit, signal) {
      const up = command('CDUP');
      const { reply, outcome } = await session.request(up);
      if (outcome === 'refusal' && reply.code !== 500 && reply.code !== 502) throw refused(up.masked, reply);
      if (outcome === 'refusal' && signal.aborted) return;
      const done = outcome === 'refusal' ? await session.perform('CWD', '..') : reply;
      await rememberDirectory(session, '..');
      emit(done);
    },
  }));
}

function moving(path: string): Terms {
  return { kind: 'exclusive', changes: () => true, fromAnywhere: isAbsolute(path) };
}

function isAbsolute(path: string): boolean {
  return path.startsWith('/');
}

/** What a command of the user's own asks of its lease. */
export function termsOf(line: Command): Terms {
  const path = pathMovedTo(line);
  return path === undefined ? { kind: 'exclusive', changes: () => changesUserState(line) } : moving(path);
}

/** What a command of the user's own has set stays set. */
export async function rememberCommand(session: ControlSession, line: Command): Promise<void> {
  const path = pathMovedTo(line);
  if (path === undefined) session.user.note(line);
  else await rememberDirectory(session, path);
}

/** What a client's other sessions must follow has to be an absolute path, which for a relative one only PWD knows. */
async function rememberDirectory(session: ControlSession, path: string): Promise<void> {
  if (!session.user.wanted.shared) return;
  const directory = isAbsolute(path) ? path : pathOf(await session.perform('PWD'));
  session.user.remember((state) => ({ ...state, directory }));
}

export function pwd$(context: OperationContext): Observable<string> {
  return command$(context, () => command('PWD'), pathOf);
}

/** The path that a reply to PWD names. */
export function pathOf(reply: Reply): string {
  const path = parsePathname(reply.text);
  if (path === undefined) throw new FtpProtocolError('The reply to PWD names no path.', { command: 'PWD', reply });
  return path;
}

/** MKD; a server that does not name the path has made the one it was asked for. */
export function mkd$(context: OperationContext, path: string): Observable<string> {
  return plainCommand$(
    context,
    () => checked(context, 'MKD', path),
    (reply) => createdPath(reply) ?? path,
  );
}

function createdPath(reply: Reply): string | undefined {
  return reply.code === 257 ? parsePathname(reply.text) : undefined;
}

/** RNFR and RNTO under one lease; nothing may come between them. */
export function rename$(context: OperationContext, from: string, to: string): Observable<Reply> {
  return operation$(context, 'exclusive', () => {
    const first = checked(context, 'RNFR', from);
    const second = checked(context, 'RNTO', to);
    return async (session, emit, signal) => {
      session.channel.requireSendable(first, second);
      accepted(await session.request(first), first.masked);
      if (signal.aborted) return;
      emit(accepted(await session.request(second), second.masked));
    };
  });
}

/**
 * Sends HOST, which names one virtual host of a server that serves several (RFC 7151). It goes before USER, and before AUTH, so that the
 * server can choose the certificate. ProFTPD 1.3.8 refuses it after AUTH (503). It travels in clear text then, and an attacker may change
 * it. So the certificate must carry the name of the virtual host.
 *
 * The client never writes it together with USER and PASS. A server without this host would learn the password of another one.
 */
import { FtpReplyError } from '../errors.js';
import { command } from '../protocol/command.js';
import type { Reply } from '../protocol/reply.js';
import { type FinalReply, refused } from './request.js';
import type { Session } from './session.js';

/** vsftpd and Pure-FTPd, which do not have the command, answer anything before the login by 530. */
const UNKNOWN_COMMAND: ReadonlySet<number> = /* @__PURE__ */ new Set([500, 502, 530]);

/**
 * Sends HOST, if the options name a host. A server without the command has one host, and the login goes on; any other refusal is thrown.
 * Resolves with whether the reply was odd: then a fence has to stand at the end of the login.
 */
export async function chooseHost(session: Session): Promise<boolean> {
  const { virtualHost } = session.settings;
  if (virtualHost === undefined || session.learned.lacks('HOST')) return false;
  const line = command('HOST', virtualHost);
  const { reply, outcome, odd = false }: FinalReply = await session.request(line, { inSequence: true });
  if (outcome !== 'refusal') return odd;
  if (!UNKNOWN_COMMAND.has(reply.code)) throw notServed(line.masked, reply);
  session.fallBack('HOST', "the server's only host", reply);
  return false;
}

function notServed(line: string, reply: Reply): FtpReplyError {
  const { message } = refused(line, reply);
  return new FtpReplyError(`${message}; correct the option virtualHost, or leave it out`, { command: line, reply });
}

/**
 * Turns a connected socket into a ready session: greeting, TLS, identification, features, protection, directory.
 *
 * It checks the security policy of the settings at each step. If the policy demands TLS, it writes nothing that names the user before the
 * handshake is done. It refuses a login that the server declares done before the handshake.
 */
import { FtpReplyError, FtpSecurityError } from '../errors.js';
import type { Cancellation } from '../net/cancellation.js';
import { command } from '../protocol/command.js';
import { formatReply, type Reply } from '../protocol/reply.js';
import type { ControlSession } from './control-session.js';
import { lineLimit } from './encode-line.js';
import { awaitGreeting } from './greeting.js';
import { type Greeting, identify } from './identify.js';
import { transienceOf } from './login-refusal.js';
import { hasLoginSteps, runLoginSteps } from './login-steps.js';
import { refused } from './request.js';
import { secureControl } from './secure.js';
import { oneByOne, profileOf } from './server-profile.js';
import type { Session } from './session.js';
import { chooseHost } from './virtual-host.js';

/**
 * Runs the login; resolves when work may start. Replies that may come later are awaited here too, unless a transfer waits, which
 * can be made ready meanwhile. Rejects with the error that says which step failed; the caller closes the channel.
 */
export async function login(session: ControlSession, signal: Cancellation): Promise<void> {
  const { settings } = session;
  if (settings.secure === 'implicit') await secureControl(session, signal);
  const greeting = await greet(session);
  const hostIsOdd = settings.virtualHost !== undefined && (await chooseHost(session));
  if (settings.secure === 'explicit') await authenticateTls(session, signal);
  // A handshake that was done proves that all before it was in step.
  const odd = greeting.odd || (hostIsOdd && settings.secure !== 'explicit');
  const { rest } = await identify(session, { ...greeting, odd });
  if (session.earlyPort !== undefined) return session.ready(rest);
  await rest;
  if (hasLoginSteps(settings)) await runLoginSteps(session);
  if (settings.directory !== undefined) await session.perform('CWD', settings.directory);
  session.ready();
}

/** AUTH TLS (RFC 4217 section 4.1), then the handshake. `advice` ends the error if the server refuses. */
export async function authenticateTls(
  session: Session,
  signal: Cancellation,
  advice = "If the server has a port for TLS from the first byte (usually 990), use that with secure: 'implicit'; or set secure: false if clear text is acceptable.",
): Promise<Reply> {
  const auth = command('AUTH', 'TLS');
  const { reply, outcome } = await session.request(auth, { changesSocket: true });
  if (outcome !== 'completion') {
    throw new FtpSecurityError(
      `The server refused TLS (${refused(auth.masked, reply).message}); nothing more was sent. ${advice}`,
      { command: auth.masked, reply, outcome: reply.class >= 4 ? 'refused' : 'unknown' },
    );
  }
  await secureControl(session, signal);
  return reply;
}

/** The advice for a command's code does not fit here: no command was sent. */
function turnedAway(reply: Reply): FtpReplyError {
  return new FtpReplyError(
    `The server greeted with a refusal: ${formatReply(reply)} (it may take no connections from here, or no more just now)`,
    { command: 'the greeting', reply, ...transienceOf('the greeting', reply) },
  );
}

/** Reads the greeting (RFC 959 section 5.4: 120 may come before 220), and the facts in it. */
async function greet(session: ControlSession): Promise<Greeting> {
  const { channel, learned, settings } = session;
  const { reply, outcome, odd = false } = await awaitGreeting(channel, settings);
  if (outcome === 'refusal') throw turnedAway(reply);
  session.welcome = reply.text;
  const profile = profileOf(reply.text);
  session.profile = learned.lacks('several commands at once') ? oneByOne(profile) : profile;
  session.lane.window.limits = session.profile.window;
  channel.answersOnce = session.profile.answersOnce;
  channel.lineLimit = lineLimit(session.profile, settings.maxCommandBytes);
  const loggedIn = reply.code === 230;
  if (loggedIn && settings.secure === 'explicit') {
    throw new FtpSecurityError('The server greeted an already logged-in user before TLS; the session was not used.', {
      reply,
    });
  }
  return { loggedIn, odd };
}

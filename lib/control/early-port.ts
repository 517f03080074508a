/**
 * Sends a transfer's EPSV before its lease is granted: behind the login, or after the data of the previous transfer. That saves one round
 * trip.
 *
 * It sends it only if another transfer waits and the server is known to accept it. The first sign of trouble ends it for all sessions of
 * the client. The replies to earlier commands still decide about those, and are first in line.
 */
import { type Command, command } from '../protocol/command.js';
import type { Reply } from '../protocol/reply.js';
import { opensData } from './lane.js';
import { needsPret } from './pret.js';
import type { FinalReply, RequestOptions } from './request.js';
import type { Session } from './session.js';

/** Whether the client asks for a passive port by EPSV: until the server has shown that it lacks it, or always if the user demands it. */
export function asksByEpsv({ learned, settings: { mode } }: Session): boolean {
  return mode === 'epsv' || (mode === 'passive' && !learned.lacks('EPSV'));
}

const EPSV: Command = /* @__PURE__ */ command('EPSV');

/** Behind a login that is refused, or wants an account too: that says nothing about the port. */
const NOT_LOGGED_IN = 530;

/** Long enough for a transfer that comes right after the one that waited. A firewall's hole for the port may close after that. */
const LIFE_MS = 2_000;

/** Asks for the next port now, if that is sound and of use; true when it was. */
export function askPortEarly(session: Session, options?: Partial<RequestOptions>): boolean {
  const { profile, learned } = session;
  if (!profile.earlyPort || learned.lacks('EPSV ahead') || !asksByEpsv(session) || needsPret(session)) return false;
  if (session.earlyPort !== undefined || !opensData(session.nextKind)) return false;
  const final = session.request(EPSV, options);
  // The transfer that takes the port learns how this ended; without one, no code needs the reply. But it may have upset the server.
  final.then(
    ({ reply, outcome }) => {
      if (outcome !== 'completion' && reply.code !== NOT_LOGGED_IN) loseEarlyPort(session, reply);
    },
    () => loseEarlyPort(session),
  );
  session.earlyPort = { final, staleAt: session.channel.timers.now() + LIFE_MS };
  return true;
}

/** The first sign of trouble: no session of the client asks early again, since a server goes wrong on each of them alike. */
export function loseEarlyPort(session: Pick<Session, 'fallBack'>, reply?: Reply): void {
  session.fallBack('EPSV ahead', 'EPSV in its turn', reply);
}

/**
 * The transfer before the port was refused: that may have been the answer to the EPSV, out of its turn. Then the next reply
 * breaks the order. The next work must not be on the connection by then.
 */
export async function doubtEarlyPort(session: Session): Promise<void> {
  loseEarlyPort(session);
  await session.earlyPort?.final.catch(() => undefined);
}

/** The answer for the port that was asked for early; undefined where none was, or it has lain too long. */
export function takeEarlyPort(session: Session): Promise<FinalReply> | undefined {
  const asked = session.earlyPort;
  session.earlyPort = undefined;
  return asked === undefined || session.channel.timers.now() > asked.staleAt ? undefined : asked.final;
}

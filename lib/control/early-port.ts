/**
 * A transfer's EPSV, sent before its lease is granted: behind the login, or when the data of the transfer before it has
 * ended. One round trip is saved.
 *
 * Only where another transfer waits and the server was seen to take it; the first sign of trouble ends it for the session.
 * The replies of what goes before still decide about that, and are first in line.
 */
import { command } from '../protocol/command.js';
import type { ControlSession } from './control-session.js';
import type { FinalReply, RequestOptions } from './request.js';

/** A port that was asked for. */
export interface EarlyPort {
  readonly final: Promise<FinalReply>;
  /** After this time (`performance.now`) it is not used any more. */
  readonly staleAt: number;
}

/** Long enough for whoever comes right after the one who waited; a firewall's hole for the port may close after that. */
const LIFE_MS = 2_000;

/** Asks for the next port now, if that is sound and of use; true when it was. */
export function askPortEarly(session: ControlSession, options: Partial<RequestOptions> = {}): boolean {
  const { conduct, habits, settings } = session;
  if (!conduct.earlyPort || habits.noEarlyPort || habits.passive !== 'EPSV' || settings.mode !== 'passive')
    return false;
  if (session.earlyPort !== undefined || session.nextKind !== 'transfer') return false;
  const final = session.request(command('EPSV'), options);
  // Whoever comes for it learns how it ended; if nobody comes, nobody misses it.
  final.catch(() => undefined);
  session.earlyPort = { final, staleAt: performance.now() + LIFE_MS };
  return true;
}

/** The port that was asked for early, if it was and is good. */
export async function takeEarlyPort(session: ControlSession): Promise<FinalReply | undefined> {
  const asked = session.earlyPort;
  session.earlyPort = undefined;
  if (asked === undefined || performance.now() > asked.staleAt) return undefined;
  const final = await asked.final;
  if (final.outcome === 'completion') return final;
  session.habits.noEarlyPort = true;
  return undefined;
}

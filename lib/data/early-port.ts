/**
 * The next transfer's EPSV, sent when the data of the present one has ended: its final reply is then on its way, and one
 * round trip of the next transfer is saved.
 *
 * Only where another transfer waits and the server was seen to take it; the first sign of trouble ends it for the session.
 * The final reply still decides about the present transfer, and is first in line.
 */
import type { ControlSession } from '../control/control-session.js';
import type { FinalReply } from '../control/request.js';
import { command } from '../protocol/command.js';

/** Asks for the next port now, if that is sound and of use. */
export function askPortEarly(session: ControlSession): void {
  const { conduct, habits, settings } = session;
  if (!conduct.earlyPort || habits.noEarlyPort || habits.passive !== 'EPSV' || settings.mode !== 'passive') return;
  if (session.earlyPort !== undefined || session.nextKind !== 'transfer') return;
  const asked = session.request(command('EPSV'));
  // Whoever comes for it learns how it ended; if nobody comes, nobody misses it.
  asked.catch(() => undefined);
  session.earlyPort = asked;
}

/** The port that was asked for early, if it was and is good. */
export async function takeEarlyPort(session: ControlSession): Promise<FinalReply | undefined> {
  const asked = session.earlyPort;
  session.earlyPort = undefined;
  if (asked === undefined) return undefined;
  const final = await asked;
  if (final.outcome === 'completion') return final;
  session.habits.noEarlyPort = true;
  return undefined;
}

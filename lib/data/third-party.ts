/** Runs a transfer whose data connection another host has, after the commands about its port. */

import { refuseKnownFault } from '../control/server-faults.js';
import type { Session } from '../control/session.js';
import type { Cancellation } from '../net/cancellation.js';
import type { Command } from '../protocol/command.js';
import type { Reply } from '../protocol/reply.js';
import { perform } from './perform.js';
import { failed } from './run-transfer.js';
import { type Mover, Transfer } from './transfer.js';
import { causeOf } from './transfer-errors.js';

/** The commands that write at the server: their abort differs from that of the others. */
const STORING: ReadonlySet<string> = new Set(['STOR', 'STOU', 'APPE']);

/** No bytes come here. */
class NoMover implements Mover {
  transfer: Transfer | undefined;
  start(): void {}
  stop(): void {}
}

/**
 * Sends `command` and resolves with its final reply; with undefined when `signal` aborted first, with the session in step. A refusal is
 * thrown as that of any other transfer. `onBegun` receives the preliminary reply.
 */
export async function runThirdParty(
  session: Session,
  command: Command,
  onBegun: (preliminary: Reply | undefined) => void,
  signal: Cancellation,
): Promise<Reply | undefined> {
  refuseKnownFault(session, command);
  session.channel.requireSendable(command);
  if (signal.aborted) return undefined;
  const direction = STORING.has(command.verb) ? 'upload' : 'download';
  const plan = { command, type: undefined, start: 0, onBegun, toThirdParty: true };
  const transfer = new Transfer(session, plan, { direction, mover: new NoMover() });
  const onAbort = (): void => void transfer.dispatch({ type: 'cancel' });
  signal.addEventListener('abort', onAbort);
  try {
    const outcome = await transfer.run(perform);
    if (outcome === 'left') return undefined;
    if (outcome !== 'complete') throw failed(transfer, outcome);
    return transfer.facts.final;
  } catch (error) {
    throw causeOf(transfer, error);
  } finally {
    signal.removeEventListener('abort', onAbort);
    transfer.letGo();
  }
}

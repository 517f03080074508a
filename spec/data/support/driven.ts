/** A transfer over a session and a mover that write down what they are told. */
import { type Mover, Transfer } from '../../../lib/data/transfer.js';
import { command } from '../../../lib/protocol/command.js';
import type { FakeSession } from './fake-session.js';

export function transferOf(
  session: FakeSession,
  verb = 'RETR',
  direction: 'download' | 'upload' = 'download',
): Transfer {
  const { told } = session;
  const plan = { command: command(verb, '/a'), type: undefined, start: 0, onBegun: () => void told.push('begun') };
  const mover: Mover = {
    transfer: undefined,
    start: () => void told.push('start'),
    stop: () => void told.push('stop'),
  };
  return new Transfer(session.real, plan, { direction, mover });
}

/** The events that need their own turn. */
export const turn = (): Promise<void> => Promise.resolve();

/** Nothing of it is left. */
export function end(transfer: Transfer, session: FakeSession): void {
  transfer.deadlines.end();
  transfer.quiet?.end();
  transfer.data.close();
  session.channel.timers.close();
}

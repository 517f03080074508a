/** Defines the owner of a client's sessions, with all that they share. */
import type { SessionOwner } from '../control/control-session.js';
import { FtpEvents } from '../control/events.js';
import { Learned } from '../control/learned.js';
import type { Clock } from '../net/clock.js';

/** Sessions are numbered from 1, in the order in which they are opened. */
export function sessionOwner(clock: Clock, work: Pick<SessionOwner, 'onFree' | 'nextKind'>): SessionOwner {
  let opened = 0;
  return {
    ...work,
    learned: new Learned(),
    events: new FtpEvents(clock),
    yielding: new Set(),
    number: () => {
      opened += 1;
      return opened;
    },
  };
}

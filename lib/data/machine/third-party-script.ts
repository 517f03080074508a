/**
 * Scripts a transfer whose data connection another host has. The server makes it with that host, and the client sees only replies (RFC 959
 * section 2.3). So the client sees no stall and no end of its data; the final reply tells the result.
 */
import { abort } from './abort-script.js';
import { type Facts, hasReplied } from './facts.js';
import { type Act, failed, type Outcome, type Script, send, type Terms, until } from './script.js';

export function* thirdPartyTransfer(f: Facts, t: Terms, act: Act): Script<Outcome> {
  if (f.cancelled) return 'left';
  act(send('transfer'));
  const hasBegun = (): boolean => hasReplied(f) || f.held !== undefined || f.cancelled;
  if (!(yield until('the beginning', hasBegun, t.replyMs))) return failed('late');
  if (!f.cancelled && f.preliminary !== undefined) act({ do: 'begin' });
  const isOver = (): boolean => f.final !== undefined || f.cancelled;
  // Another host decides how long the data takes.
  yield until('the final reply', () => isOver() || f.held !== undefined);
  if (!isOver()) {
    if (!f.deciding) act({ do: 'decide' });
    if (!(yield until('the fence', isOver, t.replyMs))) return failed('late');
  }
  if (f.cancelled) {
    yield* abort(f, t, act);
    return 'left';
  }
  if (!f.refused) return 'complete';
  return failed(f.preliminary === undefined ? 'refused' : 'broken off');
}

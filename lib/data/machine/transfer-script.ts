/**
 * Scripts one transfer, from its command until the connection is in step, clear or TLS. Downloads and uploads begin alike; then each has
 * its own parts (`data-script.ts`). Each part is short and waits once or twice. The usual transfer meets only the parts that it needs.
 */
import { abort } from './abort-script.js';
import { download, leave, upload } from './data-script.js';
import { type Facts, hasReplied } from './facts.js';
import { type Act, failed, type Next, type Part, send, type Terms, until, type Wait } from './script.js';

/** The wait for the preliminary reply before a TLS handshake starts without it. */
const HANDSHAKE_GRACE_MS = 1_000;
/** The time that a server gets to say why it has closed the data connection of a transfer. */
const REASON_MS = 2_000;
/** The time that a transfer may take to begin after an odd reply that says it is over. */
const ODD_MS = 1_000;

/** Sends the command, and ends when the connection is in step. */
export function transfer(f: Facts, t: Terms, act: Act): Next {
  // Between the last reply of the preparation and here the user may have unsubscribed.
  if (f.cancelled) return 'left';
  act(send('transfer'));
  return f.kind.isSecure ? startHandshake(f, t, act) : begin(f, t, act);
}

/**
 * pyftpdlib resets the data connection if a ClientHello overtakes the command, so it waits for the preliminary reply. ftp-srv sends that
 * reply only after the handshake, which the client then remembers.
 */
function* startHandshake(f: Facts, t: Terms, act: Act): Part {
  const mayStart = (): boolean => hasReplied(f) || f.cancelled;
  if (!t.handshakeFirst && !(yield until('leave to shake hands', mayStart, HANDSHAKE_GRACE_MS))) {
    act({ do: 'learn-handshake-first' });
  }
  if (!f.cancelled && !f.refused) act({ do: 'start-tls' });
  return begin(f, t, act);
}

/** Waits until bytes may move, the transfer is over, or the user has unsubscribed. */
function* begin(f: Facts, t: Terms, act: Act): Part {
  if (!(yield beginning(f, t))) return failed('late');
  return hasBegun(f) ? explain(f, t, act) : outlastOddReply(f, t, act);
}

function beginning(f: Facts, t: Terms): Wait {
  return until('the beginning', () => hasBegun(f) || f.held !== undefined, t.replyMs);
}

/** Anything shows that the server has begun the transfer, or never will. */
function hasBegun(f: Facts): boolean {
  return (
    f.preliminary !== undefined ||
    f.final !== undefined ||
    f.cancelled ||
    f.moved ||
    f.ended ||
    f.dataError !== undefined
  );
}

function* outlastOddReply(f: Facts, t: Terms, act: Act): Part {
  if (yield until('more than an odd reply', () => hasBegun(f), f.deciding ? t.replyMs : ODD_MS)) {
    return explain(f, t, act);
  }
  yield* abort(f, t, act);
  return failed('uncertain');
}

/** ProFTPD closes the data connection of a transfer that it refuses before it says so. */
function explain(f: Facts, t: Terms, act: Act): Next {
  return f.moved || hasReplied(f) || f.cancelled ? open(f, t, act) : awaitReason(f, t, act);
}

function* awaitReason(f: Facts, t: Terms, act: Act): Part {
  yield until('the reason of a refusal', () => f.moved || hasReplied(f) || f.cancelled, REASON_MS);
  return open(f, t, act);
}

/** Goes on when the data connection is open. */
function open(f: Facts, t: Terms, act: Act): Next {
  if (f.refused && f.preliminary === undefined) return failed('refused');
  return isSettled(f) ? move(f, t, act) : awaitConnection(f, t, act);
}

function isSettled(f: Facts): boolean {
  return f.cancelled || f.open || f.dataError !== undefined || f.refused;
}

function* awaitConnection(f: Facts, t: Terms, act: Act): Part {
  if (yield until('the data connection', () => isSettled(f), t.connectMs)) return move(f, t, act);
  yield* abort(f, t, act);
  return failed('no data connection');
}

function move(f: Facts, t: Terms, act: Act): Next {
  if (!f.cancelled) act({ do: 'begin' });
  // The user may unsubscribe when he is told.
  if (f.cancelled) return leave(f, t, act);
  return f.kind.direction === 'download' ? download(f, t, act) : upload(f, t, act);
}

/**
 * Scripts one transfer, from its command until the connection is in step, clear or TLS. Downloads and uploads begin alike; then each has
 * its own script. A transfer is complete when all bytes have moved and a good final reply is in, in either order.
 */
import { abort } from './abort-script.js';
import { type Facts, hasReplied } from './facts.js';
import { mayAnswerNoop } from './noops.js';
import { type Failure, failed, type Outcome, type Script, send, type Terms, until } from './script.js';

/** The wait for the preliminary reply before a TLS handshake starts without it. */
const HANDSHAKE_GRACE_MS = 1_000;
/** The time that a server gets to say why a data connection broke. */
const REASON_MS = 2_000;
/** The time that a transfer may take to begin after an odd reply that says it is over, and to end after one that may be a NOOP's. */
const ODD_MS = 1_000;

export function* transfer(f: Facts, t: Terms): Script<Outcome> {
  // Between the last reply of the preparation and here the user may have unsubscribed.
  if (f.cancelled) return 'left';
  const hindrance = yield* begin(f, t);
  if (hindrance !== undefined) return failed(hindrance);
  if (!f.cancelled) yield { do: 'begin' };
  const move = f.kind.direction === 'download' ? download : upload;
  const fault = f.cancelled ? undefined : yield* move(f, t);
  if (fault !== undefined) return failed(fault);
  if (!f.cancelled) return 'complete';
  yield* abort(f, t);
  return 'left';
}

/** Sends the command and waits until bytes may move, the transfer is over, or the user has unsubscribed. */
function* begin(f: Facts, t: Terms): Script<Failure | undefined> {
  yield send('transfer');
  if (f.kind.isSecure) yield* startHandshake(f, t);
  const isAnswered = (): boolean => hasBegun(f) || f.held !== undefined;
  if (!(yield until('the beginning', isAnswered, t.replyMs))) return 'late';
  if (!hasBegun(f) && !(yield until('more than an odd reply', () => hasBegun(f), f.deciding ? t.replyMs : ODD_MS))) {
    yield* abort(f, t);
    return 'uncertain';
  }
  // ProFTPD closes the data connection of a transfer that it refuses before it says so.
  const isExplained = (): boolean => f.moved || hasReplied(f) || f.cancelled;
  if (!isExplained()) yield until('the reason of a refusal', isExplained, REASON_MS);
  if (f.refused && f.preliminary === undefined) return 'refused';
  const isSettled = (): boolean => f.cancelled || f.open || f.dataError !== undefined || f.refused;
  if (isSettled() || (yield until('the data connection', isSettled, t.connectMs))) return undefined;
  yield* abort(f, t);
  return 'no data connection';
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

/**
 * pyftpdlib resets the data connection if a ClientHello overtakes the command, so it waits for the preliminary reply. ftp-srv sends that
 * reply only after the handshake, which the client then remembers.
 */
function* startHandshake(f: Facts, t: Terms): Script<void> {
  const mayStart = (): boolean => hasReplied(f) || f.cancelled;
  if (!t.handshakeFirst && !(yield until('leave to shake hands', mayStart, HANDSHAKE_GRACE_MS))) {
    yield { do: 'learn-handshake-first' };
  }
  if (!f.cancelled && !f.refused) yield { do: 'start-tls' };
}

/** Moves the bytes; then the final reply. */
function* download(f: Facts, t: Terms): Script<Failure | undefined> {
  yield { do: 'flow' };
  yield until('the end of the data', () => f.ended || f.enough || isOver(f));
  yield { do: 'rest' };
  if (f.cancelled) return undefined;
  if (f.enough) {
    yield* abort(f, t);
    return undefined;
  }
  if (f.refused) return 'broken off';
  if (f.dataError !== undefined) return yield* endBroken(f, t);
  if (!f.ended) return yield* endIdle(f, t);
  if (!(yield* endBehindData(f, t, true))) return 'late';
  return f.refused ? 'broken off' : undefined;
}

/** All data has moved: the next transfer's port may be asked for. False where the final reply does not come. */
function* endBehindData(f: Facts, t: Terms, mayAsk: boolean): Script<boolean> {
  // The reply to a NOOP could pass for the one to the EPSV.
  const mayAskPort = mayAsk && f.final === undefined && f.held === undefined && !t.keepsAlive;
  const asksPort = mayAskPort && (yield { do: 'ask-port-early' });
  if (!(yield* awaitFinal(f, t))) return false;
  if (f.refused && asksPort) {
    yield { do: 'doubt-port' };
    yield until('the answer to the early EPSV', () => f.portTold);
  }
  return true;
}

/** The bytes, then the final reply; the last bytes may still be on their way by then. */
function* upload(f: Facts, t: Terms): Script<Failure | undefined> {
  const mayFlow = f.preliminary !== undefined;
  if (mayFlow) yield { do: 'flow' };
  const isOverOrSent = (): boolean => f.allSent || f.sourceError !== undefined || isOver(f);
  // If the server has opened the data connection without a word, an upload has only its reply to wait for.
  if (!(yield until('the end of the data', isOverOrSent, mayFlow ? undefined : t.replyMs))) return 'late';
  const fault = yield* endUpload(f, t);
  yield { do: 'rest' };
  return fault;
}

/** There is no use in waiting for more data. */
export function isOver(f: Facts): boolean {
  const isBroken = f.dataError !== undefined || f.stalled || f.heldTooLong;
  return f.cancelled || isBroken || (f.kind.direction === 'download' ? f.refused : f.final !== undefined);
}

function* endUpload(f: Facts, t: Terms): Script<Failure | undefined> {
  if (f.allSent && !isOver(f) && !(yield* endBehindData(f, t, t.portBehindUpload))) return 'late';
  if (f.cancelled) return undefined;
  if (f.sourceError !== undefined) {
    yield* abort(f, t);
    return 'source failed';
  }
  if (f.final === undefined) return f.dataError === undefined ? yield* endIdle(f, t) : yield* endBroken(f, t);
  if (f.refused) return 'broken off';
  if (f.allSent) return undefined;
  // A stray reply may have ended it; then the transfer's own comes when the data connection is closed.
  yield { do: 'fence' };
  return 'ended early';
}

/** The data connection broke: the server's own reason is worth a short wait, then the connection is brought into step. */
function* endBroken(f: Facts, t: Terms): Script<Failure> {
  if (!f.attacked) yield until('the reason of a break', () => f.final !== undefined || f.cancelled, REASON_MS);
  if (f.final === undefined) yield* abort(f, t);
  return 'broken';
}

/** Nothing moves: the user holds the transfer, or the server has stalled. */
function* endIdle(f: Facts, t: Terms): Script<Failure> {
  yield* abort(f, t);
  return f.heldTooLong ? 'held too long' : 'stalled';
}

/** The final reply, when all data has moved; a fence decides about one that is held. */
function* awaitFinal(f: Facts, t: Terms): Script<boolean> {
  const isFinal = (): boolean => f.cancelled || f.final !== undefined;
  const isFinalOrHeld = (): boolean => f.cancelled || f.final !== undefined || (f.held !== undefined && !f.deciding);
  if (!(yield until('the final reply', isFinalOrHeld, t.replyMs))) return false;
  if (isFinal()) return true;
  // If it is a NOOP's second answer, the transfer's own final reply is on its way.
  if (mayBeNoops(f)) yield until('more than an answer to NOOP', isFinal, ODD_MS);
  if (isFinal()) return true;
  if (!f.deciding) yield { do: 'decide' };
  return yield until('the final reply', isFinal, t.replyMs);
}

function mayBeNoops({ noopsSent, held }: Facts): boolean {
  return noopsSent > 0 && held !== undefined && mayAnswerNoop(held);
}

/**
 * Scripts how the bytes of a transfer move, and how it ends. A transfer is complete when all bytes have moved and a good final reply is
 * in, in either order.
 */
import { abort } from './abort-script.js';
import type { Facts } from './facts.js';
import { mayAnswerNoop } from './noops.js';
import {
  type Act,
  type Failure,
  failed,
  type Next,
  type Outcome,
  type Part,
  type Terms,
  until,
  type Wait,
} from './script.js';

/** The time that a server gets to say why a data connection broke. */
const REASON_MS = 2_000;
/** The time that a transfer may take to end after a reply that may be a NOOP's. */
const ODD_MS = 1_000;

/** Moves the bytes; then the final reply. */
export function download(f: Facts, t: Terms, act: Act): Part {
  act({ do: 'flow' });
  return awaitData(f, t, act);
}

function* awaitData(f: Facts, t: Terms, act: Act): Part {
  yield endOfData(f);
  return endDownload(f, t, act);
}

function endOfData(f: Facts): Wait {
  return until('the end of the data', () => f.ended || f.enough || isOver(f));
}

/** There is no use in waiting for more data. */
export function isOver(f: Facts): boolean {
  const isBroken = f.dataError !== undefined || f.stalled || f.heldTooLong;
  return f.cancelled || isBroken || (f.kind.direction === 'download' ? f.refused : f.final !== undefined);
}

function endDownload(f: Facts, t: Terms, act: Act): Next {
  act({ do: 'rest' });
  if (f.cancelled) return leave(f, t, act);
  if (f.enough) return leaveRest(f, t, act);
  if (f.refused) return failed('broken off');
  if (!f.ended || f.dataError !== undefined) return breakOff(f, t, act);
  askPortEarly(f, t, act);
  return endBehindData(f, t, act);
}

/** The bytes, then the final reply; the last bytes may still be on their way by then. */
export function* upload(f: Facts, t: Terms, act: Act): Part {
  const mayFlow = f.preliminary !== undefined;
  if (mayFlow) act({ do: 'flow' });
  const isOverOrSent = (): boolean => f.allSent || f.sourceError !== undefined || isOver(f);
  // If the server has opened the data connection without a word, an upload has only its reply to wait for.
  if (!(yield until('the end of the data', isOverOrSent, mayFlow ? undefined : t.replyMs))) return failed('late');
  if (!f.allSent || isOver(f)) return endUpload(f, t, act);
  if (t.portBehindUpload) askPortEarly(f, t, act);
  return endBehindData(f, t, act);
}

function endUpload(f: Facts, t: Terms, act: Act): Next {
  const isInStep = f.final !== undefined && f.sourceError === undefined;
  if (!f.cancelled && !isInStep) return breakOff(f, t, act);
  const isEarly = !f.cancelled && !f.refused && !f.allSent;
  // A stray reply may have ended it; then the transfer's own comes when the data connection is closed.
  if (isEarly) act({ do: 'fence' });
  act({ do: 'rest' });
  if (f.cancelled) return leave(f, t, act);
  if (f.refused) return failed('broken off');
  return isEarly ? failed('ended early') : 'complete';
}

/** All data has moved: the final reply is awaited. */
function* endBehindData(f: Facts, t: Terms, act: Act): Part {
  if (!(yield finalReply(f, t))) return fail(f, act, 'late');
  return isFinal(f) ? conclude(f, t, act) : decide(f, t, act);
}

function finalReply(f: Facts, t: Terms): Wait {
  return until('the final reply', () => isFinal(f) || (f.held !== undefined && !f.deciding), t.replyMs);
}

/** The next transfer's port may be asked for before the final reply. The reply to a NOOP could pass for the one to the EPSV. */
function askPortEarly(f: Facts, t: Terms, act: Act): void {
  if (f.final === undefined && f.held === undefined && !t.keepsAlive) act({ do: 'ask-port-early' });
}

function isFinal(f: Facts): boolean {
  return f.cancelled || f.final !== undefined;
}

/** A fence decides about a final reply that is held. */
function* decide(f: Facts, t: Terms, act: Act): Part {
  // If it is a NOOP's second answer, the transfer's own final reply is on its way.
  if (mayBeNoops(f)) yield until('more than an answer to NOOP', () => isFinal(f), ODD_MS);
  if (!isFinal(f)) {
    if (!f.deciding) act({ do: 'decide' });
    if (!(yield until('the final reply', () => isFinal(f), t.replyMs))) return fail(f, act, 'late');
  }
  return conclude(f, t, act);
}

function mayBeNoops({ noopsSent, held }: Facts): boolean {
  return noopsSent > 0 && held !== undefined && mayAnswerNoop(held);
}

/** The final reply is in, or the user has left. */
function conclude(f: Facts, t: Terms, act: Act): Next {
  if (f.refused && f.portAsked) return doubtPort(f, t, act);
  return concludeInStep(f, t, act);
}

function* doubtPort(f: Facts, t: Terms, act: Act): Part {
  act({ do: 'doubt-port' });
  yield until('the answer to the early EPSV', () => f.portTold);
  return concludeInStep(f, t, act);
}

function concludeInStep(f: Facts, t: Terms, act: Act): Next {
  if (f.kind.direction === 'upload') return endUpload(f, t, act);
  if (f.refused) return failed('broken off');
  return f.cancelled ? leave(f, t, act) : 'complete';
}

/** The user has unsubscribed. */
export function* leave(f: Facts, t: Terms, act: Act): Part {
  yield* abort(f, t, act);
  return 'left';
}

/** All bytes that are wanted have come. The user may unsubscribe before the connection is in step. */
function* leaveRest(f: Facts, t: Terms, act: Act): Part {
  yield* abort(f, t, act);
  return f.cancelled ? leave(f, t, act) : 'complete';
}

/** The bytes do not move to their end: the connection is brought into step. */
function breakOff(f: Facts, t: Terms, act: Act): Part {
  if (f.sourceError !== undefined) return endBySource(f, t, act);
  return f.dataError === undefined ? endIdle(f, t, act) : endBroken(f, t, act);
}

function* endBySource(f: Facts, t: Terms, act: Act): Part {
  yield* abort(f, t, act);
  return fail(f, act, 'source failed');
}

/** The data connection broke: the server's own reason is worth a short wait. */
function* endBroken(f: Facts, t: Terms, act: Act): Part {
  if (!f.attacked) yield until('the reason of a break', () => isFinal(f), REASON_MS);
  if (f.final === undefined) yield* abort(f, t, act);
  return fail(f, act, 'broken');
}

/** Nothing moves: the user holds the transfer, or the server has stalled. */
function* endIdle(f: Facts, t: Terms, act: Act): Part {
  yield* abort(f, t, act);
  return fail(f, act, f.heldTooLong ? 'held too long' : 'stalled');
}

/** An upload stops here; a download has stopped with its data. */
function fail(f: Facts, act: Act, failure: Failure): Outcome {
  if (f.kind.direction === 'upload') act({ do: 'rest' });
  return failed(failure);
}

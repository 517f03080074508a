/**
 * Cancels a transfer so that the control connection answers the next command.
 *
 * Servers disagree on the number and order of replies to an abort. Half of them do not read ABOR while they transfer. They agree on two
 * things: a reset data connection ends the transfer, and they answer PWD by 257. So the script waits until the transfer has begun, since
 * ABOR must not overtake it. It sends ABOR, resets the data connection in the same tick, and reads up to the answer to PWD. Each wait has
 * its own time. After `abortMs` in all, it closes the connection.
 */
import { type Facts, finalsAfterAbort } from './facts.js';
import { type Act, type Risk, type Script, send, type Terms, until } from './script.js';

/** How long each step waits for something that may never come, in milliseconds. */
const START_MS = 2_000;
const HANDSHAKE_MS = 3_000;
/** The handshake gets no more than this part of `abortMs`, so that some time is left for ABOR. */
const HANDSHAKE_SHARE = 0.6;
/** A server needs so long, beyond the round trips, to finish a handshake. */
const SETTLE_MS = 50;
/** pyftpdlib says 150 before it has accepted the data connection. */
const ACCEPT_MS = 50;
const FIRST_REPLY_MS = 3_000;
const SECOND_REPLY_MS = 400;
const DATA_END_MS = 2_000;
const LISTING_END_MS = 1_000;

/**
 * Ends when the connection is in step again, or is closed because the server did not cooperate. The loss of the connection is no error
 * here: the transfer was cancelled already.
 */
export function* abort(f: Facts, t: Terms, act: Act): Script<void> {
  if (f.aborting) return;
  act({ do: 'bound' });
  try {
    const risk = yield* bringIntoStep(f, t, act);
    if (risk !== undefined) act({ do: 'give-up', risk });
  } catch {
    act({ do: 'reset' });
  }
  // Later commands have their own time: the checksum of the wanted bytes, CWD, or DELE.
  if (!f.cancelled) act({ do: 'unbound' });
}

function* bringIntoStep(f: Facts, t: Terms, act: Act): Script<Risk | undefined> {
  if (yield* finishesByItself(f, t, act)) {
    act({ do: 'close' });
    return undefined;
  }
  // The answer to the early EPSV would be taken for an answer to the abort.
  if (f.portAsked) return 'more was already asked for';
  const mayBeQueued = isUnacceptedUpload(f);
  yield* breakOff(f, t, act, mayBeQueued);
  act(send('PWD'));
  yield until('the answer to PWD', () => f.inStep);
  if (mayBeQueued && isQueued(f)) return 'may still wait at the server';
  return f.kind.isListing && t.repeatsListings ? 'may come back with the next listing' : undefined;
}

/** Waits until ABOR cannot overtake the start of the transfer; true when its final reply came first. */
function* finishesByItself(f: Facts, t: Terms, act: Act): Script<boolean> {
  if (!needsNoAbort(f)) yield* awaitStart(f, t, act);
  // A fence brings the connection into step by itself.
  if (f.deciding) yield until('the fence', () => f.final !== undefined);
  return f.final !== undefined;
}

/** The server has ended the transfer, or a fence is about to show whether it has. */
function needsNoAbort(f: Facts): boolean {
  return f.final !== undefined || f.deciding;
}

function* awaitStart(f: Facts, t: Terms, act: Act): Script<void> {
  const { isSecure, isListing, direction } = f.kind;
  yield until('the start', () => needsNoAbort(f) || f.preliminary !== undefined, START_MS);
  if (isSecure && !needsNoAbort(f) && !f.open) yield* finishHandshake(f, t, act);
  if (isSecure && f.open) yield* awaitServersHandshake(f, t);
  if (isListing) yield* readToEnd(f, act);
  // At the end of the data the final reply is on its way: nothing is left to abort. Behind an early EPSV nothing can be.
  if (direction === 'download' ? f.ended : f.portAsked)
    yield until('the final reply behind the data', () => needsNoAbort(f), DATA_END_MS);
  if (!isSecure && f.preliminary?.code === 150 && !f.moved) {
    yield until('the accept', () => needsNoAbort(f) || f.moved, ACCEPT_MS);
  }
}

/** Closing before the handshake is done makes vsftpd and Pure-FTPd drop the control connection. */
function* finishHandshake(f: Facts, t: Terms, act: Act): Script<void> {
  const isInVain = (): boolean => needsNoAbort(f) || f.dataError !== undefined;
  act({ do: 'start-tls' });
  // In active mode the preliminary reply may overtake the server's connection.
  yield until('the connection to shake hands over', () => isInVain() || f.connected, START_MS);
  const waitMs = Math.min(HANDSHAKE_MS, HANDSHAKE_SHARE * t.abortMs);
  if (f.connected) yield until('the handshake', () => isInVain() || f.open, waitMs, f.handshakeExpectedAt);
}

/**
 * The client is done with a handshake half a round trip before the server (TLS 1.3, and TLS 1.2 when it resumes), for
 * which a reset then is a failed handshake, and the end of the session. A download shows by its data that it is done.
 */
function* awaitServersHandshake(f: Facts, t: Terms): Script<void> {
  const isDone = (): boolean =>
    needsNoAbort(f) || f.dataError !== undefined || (f.kind.direction === 'download' && (f.moved || f.ended));
  yield until('the end of the server’s handshake', isDone, SETTLE_MS + 2 * t.roundTripMs, f.securedAt);
}

/**
 * Few servers survive a broken listing: Pure-FTPd sends the unsent rest before the next one, ProFTPD's NLST spins for ever, also after ABOR
 * alone, and inetutils ftpd dies. A listing whose end is near is read.
 */
function* readToEnd(f: Facts, act: Act): Script<void> {
  act({ do: 'read-on' });
  const isAtEnd = (): boolean => needsNoAbort(f) || f.dataError !== undefined || f.stalled;
  yield until('the end of the listing', isAtEnd, LISTING_END_MS);
}

/** ABOR first, so that the server calls it an abort; then RST, since FIN would be the end of a file. */
function* breakOff(f: Facts, t: Terms, act: Act, mayBeQueued: boolean): Script<void> {
  act(send('ABOR'));
  if (mayBeQueued && !f.moved) {
    const isGone = (): boolean => f.ended || f.dataError !== undefined;
    yield until('the server’s own close', isGone, Math.max(ACCEPT_MS, t.roundTripMs));
  }
  act({ do: 'reset' });
  if (yield until('a first reply', () => finalsAfterAbort(f) >= 1, FIRST_REPLY_MS)) {
    const waitMs = Math.max(SECOND_REPLY_MS, 2 * t.roundTripMs + SECOND_REPLY_MS / 2);
    yield until('a second reply', () => f.afterAbort.length >= 2 && finalsAfterAbort(f) >= 2, waitMs);
  }
}

/** The server may not have accepted the data connection yet: bytes that were written to it prove nothing. */
function isUnacceptedUpload({ kind, preliminary }: Facts): boolean {
  return kind.direction === 'upload' && !kind.isSecure && preliminary?.code === 150;
}

/**
 * pyftpdlib, aborted between its 150 and its accept, answers ABOR's 225 alone and keeps the STOR for the next data
 * connection of any client. Before the first byte has come it says the same, but closes the data connection at once.
 */
function isQueued({ afterAbort, ended }: Facts): boolean {
  const [reply, ...more] = afterAbort.slice(0, -1);
  return reply?.code === 225 && more.length === 0 && !ended;
}

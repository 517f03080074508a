/**
 * The life of one transfer under its lease: TYPE, data connection, REST, command, data and final reply. Downloads and
 * uploads, passive or active, clear or TLS, image or ASCII, differ only in the script that moves the bytes.
 */
import { adviceFor } from '../control/advice.js';
import type { ControlSession } from '../control/control-session.js';
import type { MinRate } from '../control/min-rate.js';
import { accepted, lateReply, refused, uncertain } from '../control/request.js';
import { requireHarmless } from '../control/server-faults.js';
import {
  FtpConnectionError,
  FtpError,
  type FtpErrorDetails,
  FtpReplyError,
  FtpSecurityError,
  FtpTimeoutError,
  FtpTransferError,
} from '../errors.js';
import type { Cancellation } from '../net/cancellation.js';
import { type Command, command } from '../protocol/command.js';
import { formatReply, type Reply } from '../protocol/reply.js';
import { abort } from './abort.js';
import { openData } from './open-data.js';
import { deadlineOf } from './transfer-deadline.js';
import type { TransferExchange } from './transfer-exchange.js';

/** How long to wait for the preliminary reply before a TLS handshake is started without it. */
const HANDSHAKE_GRACE_MS = 1_000;
/** How long a transfer may take to begin after an odd reply that says it is over. */
const ODD_MS = 1_000;
/** How long a server gets to say why a data connection broke. */
const REASON_MS = 2_000;

/** What comes before the bytes. */
export interface TransferPlan {
  readonly command: Command;
  /** The representation type the transfer needs; undefined where any will do. */
  readonly type: string | undefined;
  /** It can do with the type that is set, should the server refuse the other one. */
  readonly anyTypeWillDo?: boolean;
  /** The byte offset to restart at. */
  readonly start: number;
  /** Called right before the command is sent: what it throws ends the transfer without it. */
  readonly onReady?: () => void;
  /** Told when the transfer has begun, with its preliminary reply where there was one. */
  readonly onBegun?: (preliminary: Reply | undefined) => void;
  /** How slow the transfer may be; where it is missing, as the settings say. */
  readonly minRate?: MinRate | false | undefined;
  /** What the command has to wait for, if anything; leaving ends the wait. */
  readonly opening?: () => Promise<void> | undefined;
}

/** What moves the bytes, once the transfer has begun; it returns when the transfer is complete, and throws otherwise. */
export interface TransferScript {
  readonly direction: 'download' | 'upload';
  run(): Promise<void>;
}

/** Runs one transfer. Resolves with whether it was completed: false when the user left first, with the session in step. */
export async function runTransfer(
  transfer: TransferExchange,
  plan: TransferPlan,
  script: TransferScript,
  signal: Cancellation,
): Promise<boolean> {
  const onAbort = (): void => {
    transfer.cancelled = true;
    transfer.changed();
  };
  signal.addEventListener('abort', onAbort);
  try {
    if (await start(transfer, plan, script, signal)) {
      if (!transfer.cancelled) plan.onBegun?.(transfer.preliminary);
      if (!transfer.cancelled) await script.run();
      if (!transfer.cancelled) return true;
      await abort(transfer, script.direction);
    }
    const late = deadlineOf(transfer, signal);
    if (late !== undefined) throw late;
    if (signal.reason instanceof FtpError) throw brokenOff(transfer, signal.reason);
    return false;
  } catch (error) {
    // What a server makes of a refused certificate (425, or hanging up) is only the consequence.
    const reason = transfer.data.error instanceof FtpSecurityError ? transfer.data.error : error;
    throw transfer.sent ? reason : beforeItBegan(reason);
  } finally {
    signal.removeEventListener('abort', onAbort);
    if (transfer.lostEarlyPort) transfer.session.learned.earlyPort.lose();
    transfer.stall.end();
    transfer.holding.end();
    transfer.data.close();
    discardStaleTls(transfer);
  }
}

/** The user has broken it off: to try again is not what he wants. */
function brokenOff(transfer: TransferExchange, cause: FtpError): FtpTransferError {
  return transferError(transfer, cause.message, { cause, transient: false });
}

/** The connection was lost before the command was written. Its own error may be that of others, which were sent. */
function beforeItBegan(error: unknown): unknown {
  if (!(error instanceof FtpConnectionError) || error.outcome === 'none') return error;
  const { message, channel, phase, command: name, reply, transient, cause } = error;
  return new FtpConnectionError(message, { channel, phase, command: name, reply, transient, outcome: 'none', cause });
}

/**
 * A server that refuses the data connection because its TLS session was not resumed will do so for as long as this
 * session lasts: the next operation gets a new one.
 */
function discardStaleTls({ session, data, final }: TransferExchange): void {
  if (data.protection === undefined || data.protection.resumed || (final?.code !== 425 && final?.code !== 522)) return;
  session.channel.close(
    new FtpSecurityError(`The server no longer accepts this TLS session: ${formatReply(final)}`, { reply: final }),
  );
}

/**
 * Up to the moment when bytes may move, or the user has left; false when he left before the command was sent. A server that
 * has forgotten a port which it was asked for early is asked again: nothing has begun.
 */
async function start(
  transfer: TransferExchange,
  plan: TransferPlan,
  script: TransferScript,
  signal: Cancellation,
): Promise<boolean> {
  if (!(await prepare(transfer, plan, signal))) return false;
  const opening = plan.opening?.();
  if (opening !== undefined) await awaitOpening(transfer, opening);
  if (signal.aborted) return false;
  // A socket that shakes hands by itself may have met an impostor already.
  if (transfer.data.error instanceof FtpSecurityError) throw transfer.data.error;
  plan.onReady?.();
  try {
    await begin(transfer, script.direction);
    return true;
  } catch (error) {
    if (!transfer.lostEarlyPort || transfer.preliminary !== undefined || signal.aborted) throw error;
    transfer.session.learned.earlyPort.lose();
    transfer.startOver();
    return start(transfer, plan, script, signal);
  }
}

/** A file that is still being opened may turn out not to be there: its upload would only have emptied another. */
async function awaitOpening(transfer: TransferExchange, opening: Promise<void>): Promise<void> {
  let over = false;
  void opening.then(() => {
    over = true;
    transfer.changed();
  });
  await transfer.until(() => over || transfer.cancelled);
}

/** Everything that may be cancelled by just not going on; false when it was. */
async function prepare(transfer: TransferExchange, plan: TransferPlan, signal: Cancellation): Promise<boolean> {
  const { session } = transfer;
  const { type, start: offset } = plan;
  if (signal.aborted) return false;
  requireHarmless(session, transfer.transferCommand);
  session.channel.requireSendable(transfer.transferCommand);
  if (type === undefined || type === session.server.type) await openData(session, transfer.data, signal);
  else await openDataInType(transfer, plan, type, signal);
  transfer.doubtful = transfer.data.portIsDoubtful;
  transfer.offset = offset;
  const { settled } = session;
  if (settled !== undefined) await settled;
  if (signal.aborted) return false;
  // REST goes directly before its transfer; one that an earlier, failed transfer may have left behind is taken back.
  if (offset > 0) await restart(transfer, offset);
  else if (session.server.restartPending) await session.request(command('REST', '0'), { inSequence: true });
  return !signal.aborted;
}

/** REST. Where its reply is odd, a fence behind the transfer decides. */
async function restart(transfer: TransferExchange, offset: number): Promise<void> {
  const line = command('REST', String(offset));
  const restarted = await transfer.session.request(line, { inSequence: true });
  accepted(restarted, line.masked);
  if (restarted.odd === true) transfer.doubtful = true;
}

/** TYPE, then the data connection; where the server takes that, both commands at once. */
async function openDataInType(
  transfer: TransferExchange,
  plan: TransferPlan,
  type: string,
  signal: Cancellation,
): Promise<void> {
  const { session, data } = transfer;
  if (session.conduct.window.commands === 1) {
    await setType(session, plan, type);
    if (!signal.aborted) await openData(session, data, signal);
    return;
  }
  const outcomes = await Promise.allSettled([setType(session, plan, type), openData(session, data, signal)]);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}

/** A listing is read in the type that is set, where the server refuses TYPE A. */
async function setType(session: ControlSession, { anyTypeWillDo }: TransferPlan, type: string): Promise<void> {
  try {
    await session.ensureType(type);
  } catch (error) {
    if (anyTypeWillDo !== true || !(error instanceof FtpReplyError)) throw error;
    session.fallBack('TYPE A', 'the type that is set', error.reply);
  }
}

/** Sends the command and waits until bytes may move, the transfer is over, or the user has left. */
async function begin(transfer: TransferExchange, direction: TransferScript['direction']): Promise<void> {
  const { data, session } = transfer;
  const { replyTimeoutMs, connectTimeoutMs } = session.settings;
  transfer.send();
  if (data.protection !== undefined) await startHandshake(transfer);
  const replied = (): boolean => hasReply(transfer) || transfer.cancelled;
  const begun = (): boolean => replied() || transfer.moved || data.ended || data.error !== undefined;
  const answered = (): boolean => begun() || transfer.held !== undefined;
  if (!(await transfer.until(answered, replyTimeoutMs))) throw tooLate(transfer, replyTimeoutMs);
  if (!begun()) await awaitBeginning(transfer, direction, begun);
  // ProFTPD closes the data connection of a transfer that it refuses before it says so.
  if (!transfer.moved && !replied()) await transfer.until(replied, REASON_MS);
  if (transfer.refused && transfer.preliminary === undefined && transfer.final !== undefined) {
    throw refused(transfer.command, transfer.final, { start: transfer.offset });
  }
  const settled = (): boolean => transfer.cancelled || data.open || data.error !== undefined || transfer.refused;
  if (await transfer.until(settled, connectTimeoutMs)) return;
  await abort(transfer, direction);
  throw new FtpTimeoutError(
    `The server did not open the data connection for ${transfer.command} within ${connectTimeoutMs} ms. Check firewall, mode and activeAddress.`,
    { phase: 'connect', afterMs: connectTimeoutMs, command: transfer.command, bytes: 0 },
  );
}

/** An odd final reply has come, and nothing else: the beginning, if there is one, comes soon; or else the command was not done. */
async function awaitBeginning(
  transfer: TransferExchange,
  direction: TransferScript['direction'],
  begun: () => boolean,
): Promise<void> {
  const { command: name, held, isDeciding, offset: start, session } = transfer;
  if (await transfer.until(begun, isDeciding ? session.settings.replyTimeoutMs : ODD_MS)) return;
  await abort(transfer, direction);
  if (held !== undefined) throw held.class === 2 ? uncertain(name, held) : refused(name, held, { start });
}

function hasReply(transfer: TransferExchange): boolean {
  return transfer.preliminary !== undefined || transfer.final !== undefined;
}

/**
 * A ClientHello that overtakes the command makes pyftpdlib reset the data connection, so it waits for the preliminary
 * reply; ftp-srv gives that reply only after the handshake, which is then remembered.
 */
async function startHandshake(transfer: TransferExchange): Promise<void> {
  const { data, session } = transfer;
  const mayStart = (): boolean => hasReply(transfer) || transfer.cancelled;
  const replied = session.learned.handshakeFirst || (await transfer.until(mayStart, HANDSHAKE_GRACE_MS));
  if (!replied) session.learned.handshakeFirst = true;
  if (!transfer.cancelled && !transfer.refused) data.startTls();
}

/** The final reply, when all data has moved; without it in time the connection is unusable. */
export async function awaitFinal(transfer: TransferExchange): Promise<void> {
  const { replyTimeoutMs } = transfer.session.settings;
  const over = (): boolean => transfer.cancelled || transfer.final !== undefined;
  transfer.decideHeld();
  if (!(await transfer.until(over, replyTimeoutMs))) throw tooLate(transfer, replyTimeoutMs);
}

function tooLate(transfer: TransferExchange, afterMs: number): FtpError {
  const { bytes, command: name, held, session } = transfer;
  const error = held === undefined ? lateReply(name, 'reply', afterMs, bytes) : uncertain(name, held);
  session.channel.close(error);
  return error;
}

/** Nothing moved for too long, or too little: the connection is brought into step, and the error says so. */
export async function stalledTransfer(
  transfer: TransferExchange,
  direction: 'download' | 'upload',
): Promise<FtpTimeoutError> {
  const { command: name, session, slow } = transfer;
  const { stallTimeoutMs } = session.settings;
  const bytes = transfer.bytes;
  await abort(transfer, direction);
  const details = { phase: 'data', command: name, bytes, reply: transfer.final };
  if (slow !== undefined) {
    const { moved, rate } = slow;
    return new FtpTimeoutError(
      `${name} was too slow after ${bytes} bytes: ${moved} bytes moved in ${rate.overMs} ms, where minRate asks for ${rate.bytesPerSecond} bytes a second.`,
      { ...details, afterMs: rate.overMs },
    );
  }
  return new FtpTimeoutError(
    `Nothing moved for ${stallTimeoutMs} ms during ${name}, after ${bytes} bytes. A slow network needs a larger stallTimeoutMs.`,
    { ...details, afterMs: stallTimeoutMs },
  );
}

/** Its user held it for too long, perhaps for an operation that waited for it: that gets its turn when it is broken off. */
export async function heldTransfer(
  transfer: TransferExchange,
  direction: 'download' | 'upload',
): Promise<FtpTimeoutError> {
  const { command: name, verb, session } = transfer;
  const { stallTimeoutMs: afterMs } = session.settings;
  await abort(transfer, direction);
  const { bytes, final: reply } = transfer;
  const why = direction === 'download' ? `Nobody took the data of ${name}` : `The source gave no data for ${name}`;
  const instead = verb === 'RETR' || direction === 'upload' ? '' : ', or collect the listing first (toArray)';
  return new FtpTimeoutError(
    `${why} for ${afterMs} ms while other operations waited for its session. If it waits for one of them, give the client more sessions (maxSessions: 2)${instead}; if it is only slow, a larger stallTimeoutMs.`,
    { phase: 'data', afterMs, command: name, bytes, reply, transient: false },
  );
}

/** The data connection broke: the server's own reason is worth a short wait, then the connection is brought into step. */
export async function brokenTransfer(
  transfer: TransferExchange,
  direction: 'download' | 'upload',
): Promise<FtpTransferError> {
  const cause = transfer.data.error;
  if (!(cause instanceof FtpSecurityError)) await transfer.until(() => transfer.final !== undefined, REASON_MS);
  if (transfer.final === undefined) await abort(transfer, direction);
  return transferError(transfer, `the data connection broke: ${cause?.message ?? 'closed early'}`, { cause });
}

/** The final reply says that the transfer is not whole, or came before all was sent. */
export function transferError(
  transfer: TransferExchange,
  why: string,
  details: Pick<FtpErrorDetails, 'cause' | 'transient'> = {},
): FtpTransferError {
  const { command: name, bytes, final, offset: start } = transfer;
  const advice = final === undefined ? undefined : adviceFor(name, final, { start });
  const said = final === undefined ? '' : `; the server said: ${formatReply(final)}`;
  const hint = advice === undefined ? '' : ` (${advice})`;
  return new FtpTransferError(`${name} is not complete after ${bytes} bytes: ${why}${said}${hint}`, {
    command: name,
    bytes,
    reply: final,
    ...details,
  });
}

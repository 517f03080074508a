/**
 * The life of one transfer under its lease: TYPE, data connection, REST, command, data and final reply. Downloads and
 * uploads, passive or active, clear or TLS, image or ASCII, differ only in the script that moves the bytes.
 */
import { lateReply, refused, uncertain } from '../control/request.js';
import { FtpError, FtpSecurityError, FtpTimeoutError } from '../errors.js';
import type { Cancellation } from '../net/cancellation.js';
import { formatReply } from '../protocol/reply.js';
import { abort } from './abort.js';
import { beforeItBegan, brokenOff, REASON_MS } from './broken-transfer.js';
import { prepare, type TransferPlan } from './prepare-transfer.js';
import { deadlineOf } from './transfer-deadline.js';
import type { TransferExchange } from './transfer-exchange.js';

/** How long to wait for the preliminary reply before a TLS handshake is started without it. */
const HANDSHAKE_GRACE_MS = 1_000;
/** How long a transfer may take to begin after an odd reply that says it is over. */
const ODD_MS = 1_000;

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
    `The server did not open the data connection for ${transfer.command} within ${connectTimeoutMs} ms. Check firewall, mode, activeAddress and activePeer.`,
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

/** No reply in time: the connection is closed with the error. */
export function tooLate(transfer: TransferExchange, afterMs: number): FtpError {
  const { bytes, command: name, held, session } = transfer;
  const error = held === undefined ? lateReply(name, 'reply', afterMs, bytes) : uncertain(name, held);
  session.channel.close(error);
  return error;
}

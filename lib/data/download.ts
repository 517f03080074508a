/**
 * Moves the bytes of a download: it is complete when the data has ended, a good final reply is in, in either order, and
 * the byte count fits every size that is known.
 */
import type { ControlSession } from '../control/control-session.js';
import { askPortEarly, doubtEarlyPort } from '../control/early-port.js';
import { FtpTransferError, FtpUsageError } from '../errors.js';
import type { Cancellation } from '../net/cancellation.js';
import { isAscii } from '../protocol/representation-type.js';
import { parseTransferSize } from '../protocol/size.js';
import type { ByteSink } from '../streams/byte-sink.js';
import type { ExpectedBytes } from '../streams/flow.js';
import type { Gate } from '../streams/gate.js';
import { abort } from './abort.js';
import { AsciiDecoder } from './ascii.js';
import { brokenTransfer, heldTransfer, stalledTransfer, transferError } from './broken-transfer.js';
import type { TransferPlan } from './prepare-transfer.js';
import { awaitFinal, runTransfer } from './transfer.js';
import { TransferExchange } from './transfer-exchange.js';

export interface DownloadPlan extends TransferPlan {
  /** Stop when this many bytes have come; undefined for all there are. */
  readonly length?: number | undefined;
  /** How many bytes there are from `start` on, where somebody has named them. */
  readonly named?: number | undefined;
  /** How many bytes must come, where that is known. */
  readonly expected?: number | undefined;
  /** Whether the size in the preliminary reply is to be held against the byte count. */
  readonly checkAnnounced?: boolean;
}

/** What a completed download was. */
export interface Downloaded {
  readonly bytes: number;
  /** The byte count was checked against a size that the server named. */
  readonly verified: boolean;
}

/** Downloads into `sink`; resolves with undefined when the user left first. The sink is not completed here. */
export async function download(
  session: ControlSession,
  plan: DownloadPlan,
  sink: ByteSink,
  gate: Gate,
  signal: Cancellation,
): Promise<Downloaded | undefined> {
  const remaining = { bytes: plan.length ?? Number.POSITIVE_INFINITY };
  const text = plan.localLineEnds === true ? new AsciiDecoder(sink) : undefined;
  const into = text ?? sink;
  const transfer = new TransferExchange(
    session,
    plan.command,
    {
      buffer: () => into.buffer(),
      write: (chunk) => deliver(chunk, into, remaining, transfer),
    },
    plan.minRate,
  );
  const detach = gate.attach({
    pause: () => {
      transfer.stall.hold();
      transfer.holding.hold();
      transfer.data.hold();
    },
    resume: () => {
      transfer.stall.release();
      transfer.holding.release();
      // Hands on what has waited, at which the gate may be held again.
      transfer.data.release();
    },
  });
  gate.expectedBytes = expectedOf(transfer, plan);
  const script = {
    direction: 'download' as const,
    run: () => receive(transfer, remaining),
  };
  try {
    if (!(await runTransfer(transfer, plan, script, signal))) return undefined;
  } finally {
    detach();
    gate.expectedBytes = constantly(gate.expectedBytes());
  }
  text?.flush();
  return { bytes: transfer.bytes, verified: remaining.bytes > 0 && verify(transfer, plan) };
}

/** A function of its own, so that nothing else is kept in memory by the gate. */
function expectedOf(transfer: TransferExchange, plan: DownloadPlan): ExpectedBytes {
  return () => expectedBytes(transfer, plan);
}

/** For the gate, which may live longer than the transfer and its sockets. */
function constantly(bytes: number | undefined): ExpectedBytes {
  return () => bytes;
}

/**
 * How many bytes will come, by the caller, SIZE or the preliminary reply: none of them counts the bytes of the ASCII type. After
 * REST that reply is of no use, since some servers name the whole file's size in it, some the remainder's.
 */
function expectedBytes(
  { preliminary }: TransferExchange,
  { type, start, named, length }: DownloadPlan,
): number | undefined {
  if (type === undefined || isAscii(type)) return undefined;
  const announced = start > 0 || preliminary === undefined ? undefined : parseTransferSize(preliminary.text);
  const bytes = named ?? announced;
  return bytes === undefined ? undefined : Math.min(bytes, length ?? bytes);
}

/** Hands on what is still wanted. */
function deliver(chunk: Uint8Array, sink: ByteSink, remaining: { bytes: number }, transfer: TransferExchange): void {
  if (remaining.bytes <= 0) return;
  const wanted = chunk.length <= remaining.bytes ? chunk : chunk.subarray(0, remaining.bytes);
  remaining.bytes -= wanted.length;
  sink.write(wanted);
  if (remaining.bytes <= 0) transfer.changed();
}

async function receive(transfer: TransferExchange, remaining: { bytes: number }): Promise<void> {
  const { data } = transfer;
  transfer.stall.start();
  const isBroken = (): boolean =>
    data.error !== undefined || transfer.stalled || transfer.heldTooLong || transfer.refused;
  await transfer.until(() => data.ended || transfer.cancelled || remaining.bytes <= 0 || isBroken());
  transfer.stall.stop();
  if (transfer.cancelled) return;
  if (remaining.bytes <= 0) return abort(transfer, 'download');
  if (transfer.refused) throw transferError(transfer, 'the server broke it off');
  if (data.error !== undefined) throw await brokenTransfer(transfer, 'download');
  if (!data.ended && transfer.heldTooLong) throw await heldTransfer(transfer, 'download');
  if (!data.ended) throw await stalledTransfer(transfer, 'download');
  const askedEarly = transfer.final === undefined && transfer.held === undefined && askPortEarly(transfer.session);
  await awaitFinal(transfer);
  if (transfer.refused && askedEarly) await doubtEarlyPort(transfer.session);
  if (transfer.refused) throw transferError(transfer, 'the server broke it off');
}

/** Holds the byte count against the sizes that are known; true when there was one. */
function verify(transfer: TransferExchange, plan: DownloadPlan): boolean {
  const { bytes } = transfer;
  if (plan.expected !== undefined && bytes !== plan.expected) throw wrongSize(transfer, plan.expected);
  const announced =
    plan.checkAnnounced === true && transfer.preliminary !== undefined
      ? parseTransferSize(transfer.preliminary.text)
      : undefined;
  if (announced !== undefined && bytes === 0 && plan.start > announced)
    throw beyondTheEnd(transfer, plan.start, announced);
  // After REST some servers name the whole file's size, some the remainder's.
  if (announced !== undefined && announced !== bytes && announced !== bytes + plan.start) {
    throw wrongSize(transfer, announced);
  }
  return plan.expected !== undefined || announced !== undefined;
}

/** vsftpd grants a REST beyond the end, and sends nothing then: the transfer was made. */
function beyondTheEnd({ command, final, bytes }: TransferExchange, start: number, size: number): FtpUsageError {
  return new FtpUsageError(`The option start (${start}) is beyond the end of the file (${size} bytes): nothing came.`, {
    command,
    reply: final,
    bytes,
    outcome: 'unknown',
  });
}

function wrongSize(transfer: TransferExchange, expected: number): FtpTransferError {
  const { command, bytes, final } = transfer;
  const verdict = bytes < expected ? 'was truncated' : 'is longer than announced';
  return new FtpTransferError(
    `${command} ${verdict}: ${bytes} bytes came where ${expected} were expected, though the server reported success.`,
    { command, bytes, reply: final, transient: bytes < expected },
  );
}

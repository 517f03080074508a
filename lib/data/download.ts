/**
 * Moves the bytes of a download. It is complete when the data has ended and a good final reply is in, in either order. The byte count must
 * fit every known size.
 */
import type { Session } from '../control/session.js';
import { mayNeedMode } from '../control/transfer-mode.js';
import { FtpTransferError, FtpUsageError } from '../errors.js';
import type { Cancellation } from '../net/cancellation.js';
import type { VerifiedBy } from '../protocol/hash-algorithms.js';
import type { Reply } from '../protocol/reply.js';
import { isAscii } from '../protocol/representation-type.js';
import { parseTransferSize } from '../protocol/size.js';
import type { ByteReceiver, ByteSink } from '../streams/byte-sink.js';
import type { ExpectedBytes } from '../streams/flow.js';
import type { Gate } from '../streams/gate.js';
import { AsciiDecoder } from './ascii.js';
import { Inflater } from './inflater.js';
import { runTransfer } from './run-transfer.js';
import { type Mover, Transfer } from './transfer.js';
import type { TransferPlan } from './transfer-plan.js';

export interface DownloadPlan extends TransferPlan {
  /** Stop when this many bytes have come; undefined for all there are. */
  readonly length?: number | undefined;
  /** The number of bytes from `start` on, if the caller or the server has named them. */
  readonly named?: number | undefined;
  /** The number of bytes that must come, if that is known. */
  readonly expected?: number | undefined;
  /** Whether the size in the preliminary reply is to be held against the byte count. */
  readonly checkAnnounced?: boolean;
  /** Checks a download that is complete besides, by its byte count, and resolves with how. Throws if the check fails. */
  readonly verify?: ((bytes: number) => Promise<VerifiedBy | undefined>) | undefined;
}

/** The result of a completed download. */
export interface Downloaded {
  readonly bytes: number;
  /** The check that it has passed, if there was one. */
  readonly verifiedBy: VerifiedBy | undefined;
  /** The final reply, for those that judge its text. */
  readonly reply?: Reply | undefined;
}

/** Downloads into `sink`; resolves with undefined when the user left first. The sink is not completed here. */
export async function download(
  session: Session,
  plan: DownloadPlan,
  sink: ByteSink,
  gate: Gate,
  signal: Cancellation,
): Promise<Downloaded | undefined> {
  const reception = open(session, plan, sink, gate);
  const { transfer } = reception;
  let done: Downloaded | undefined;
  try {
    if (!(await runTransfer(transfer, signal))) return undefined;
    reception.text?.flush();
    const counted = countedDownload(transfer, plan);
    done = plan.verify === undefined ? counted : await verified(counted, plan.verify);
    return done;
  } finally {
    close(reception, plan, gate);
    transfer.report?.end(transfer, signal, done);
  }
}

/** A transfer, and the layers between it and the sink. */
interface Reception {
  readonly transfer: Transfer;
  readonly text: AsciiDecoder | undefined;
  readonly inflater: Inflater | undefined;
  /** Takes the gate away from it. */
  readonly detach: () => void;
}

function open(session: Session, plan: DownloadPlan, sink: ByteSink, gate: Gate): Reception {
  const text = plan.localLineEnds === true ? new AsciiDecoder(sink) : undefined;
  const mover = new DownloadReceiver(text ?? sink, plan, gate);
  const inflater = mayNeedMode(session) ? new Inflater(mover) : undefined;
  const transfer = new Transfer(session, plan, { direction: 'download', receiver: inflater ?? mover, mover });
  gate.expectedBytes = () => expectedBytes(transfer.facts.preliminary, plan);
  return { transfer, text, inflater, detach: gate.attach(inflater ?? transfer) };
}

function close({ transfer, inflater, detach }: Reception, plan: DownloadPlan, gate: Gate): void {
  detach();
  inflater?.close();
  gate.expectedBytes = lastingly(transfer.facts.preliminary, plan);
}

/** All has come, and its count is right. */
function countedDownload(transfer: Transfer, plan: DownloadPlan): Downloaded {
  const { bytes, facts } = transfer;
  const verifiedBy = !facts.enough && verify(transfer, plan) ? 'size' : undefined;
  return { bytes, verifiedBy, reply: facts.final };
}

async function verified(counted: Downloaded, check: NonNullable<DownloadPlan['verify']>): Promise<Downloaded> {
  const verifiedBy = (await check(counted.bytes)) ?? counted.verifiedBy;
  return { ...counted, verifiedBy };
}

/** Passes on the wanted bytes of a download, and counts them. */
class DownloadReceiver implements ByteReceiver, Mover {
  transfer: Transfer | undefined;
  readonly #sink: ByteSink;
  readonly #plan: DownloadPlan;
  readonly #gate: Gate;
  readonly #wantedBytes: number;

  constructor(sink: ByteSink, plan: DownloadPlan, gate: Gate) {
    this.#sink = sink;
    this.#plan = plan;
    this.#gate = gate;
    this.#wantedBytes = plan.length ?? Number.POSITIVE_INFINITY;
  }

  get total(): number | undefined {
    return this.transfer && expectedBytes(this.transfer.facts.preliminary, this.#plan);
  }

  readonly buffer = (): Uint8Array => this.#sink.buffer();

  /** The socket moves them by itself; time counts. */
  start(): void {
    this.transfer?.deadlines.stall.start();
  }

  stop(): void {}

  write(chunk: Uint8Array): void {
    const { transfer } = this;
    if (transfer === undefined) return;
    const isFirst = !transfer.facts.moved;
    transfer.deadlines.stall.moved();
    if (!transfer.facts.cancelled) this.#handOn(transfer, chunk);
    if (!isFirst) return;
    transfer.session.channel.moved();
    transfer.dispatch({ type: 'moved' });
  }

  #handOn(transfer: Transfer, chunk: Uint8Array): void {
    const left = this.#wantedBytes - transfer.bytes;
    if (left <= 0) return;
    const wanted = chunk.length <= left ? chunk : chunk.subarray(0, left);
    transfer.bytes += wanted.length;
    this.#gate.hasPassed = true;
    this.#sink.write(wanted);
    if (wanted.length === left) transfer.dispatch({ type: 'enough' });
  }
}

/** For the gate, which may live longer than the transfer and its sockets: none of these values leads there. */
function lastingly(preliminary: Reply | undefined, { type, start, named, length }: DownloadPlan): ExpectedBytes {
  return () => expectedBytes(preliminary, { type, start, named, length });
}

/**
 * The number of bytes that will come, by the caller, SIZE or the preliminary reply: none of them counts the bytes of the ASCII type. After
 * REST that reply is of no use, since some servers name the whole file's size in it, some the remainder's.
 */
function expectedBytes(
  preliminary: Reply | undefined,
  { type, start, named, length }: Pick<DownloadPlan, 'type' | 'start' | 'named' | 'length'>,
): number | undefined {
  if (type === undefined || isAscii(type)) return undefined;
  const announced = start > 0 || preliminary === undefined ? undefined : parseTransferSize(preliminary.text);
  const bytes = named ?? announced;
  return bytes === undefined ? undefined : Math.min(bytes, length ?? bytes);
}

/** Holds the byte count against the sizes that are known; true when there was one. */
function verify(transfer: Transfer, plan: DownloadPlan): boolean {
  const { bytes, facts } = transfer;
  if (plan.expected !== undefined && bytes !== plan.expected) throw wrongSize(transfer, plan.expected);
  const announced =
    plan.checkAnnounced === true && facts.preliminary !== undefined
      ? parseTransferSize(facts.preliminary.text)
      : undefined;
  const isBeyond = plan.named === undefined && announced !== undefined && plan.start > announced;
  if (isBeyond && bytes === 0) throw beyondTheEnd(transfer, plan.start, announced);
  // After REST some servers name the whole file's size, some the remainder's.
  if (announced !== undefined && announced !== bytes && announced !== bytes + plan.start) {
    throw wrongSize(transfer, announced);
  }
  return plan.expected !== undefined || announced !== undefined;
}

/** vsftpd grants a REST beyond the end, and sends nothing then: the transfer was made. */
function beyondTheEnd({ command, bytes, facts: { final } }: Transfer, start: number, size: number): FtpUsageError {
  return new FtpUsageError(`The option start (${start}) is beyond the end of the file (${size} bytes): nothing came.`, {
    command,
    reply: final,
    bytes,
    outcome: 'unknown',
  });
}

function wrongSize(transfer: Transfer, expected: number): FtpTransferError {
  const {
    command,
    bytes,
    facts: { final },
  } = transfer;
  const verdict = bytes < expected ? 'was truncated' : 'is longer than announced';
  return new FtpTransferError(
    `${command} ${verdict}: ${bytes} bytes came where ${expected} were expected, though the server reported success.`,
    { command, bytes, reply: final, transient: bytes < expected },
  );
}

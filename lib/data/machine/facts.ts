/** Defines the facts of a transfer, and the one function that writes them. */
import type { Reply } from '../../protocol/reply.js';
import { mayAnswerNoop, type NoopCount, unanswered } from './noops.js';
import type { SentLine, TransferEvent } from './script.js';

/** The facts that do not change during a transfer. */
export interface TransferKind {
  readonly direction: 'download' | 'upload';
  /** LIST, NLST or MLSD. */
  readonly isListing: boolean;
  /** Its data connection is under TLS. */
  readonly isSecure: boolean;
  /** The server does not know PWD. */
  readonly withoutPwd: boolean;
}

/** All of it but `kind` begins as `undefined`, `false`, 0 or empty. */
export interface Facts extends NoopCount {
  readonly kind: TransferKind;
  /** A reply before the command was odd (REST, the port), so a fence decides about any final reply. */
  readonly doubtful: boolean;
  /** The command was written. */
  readonly sent: boolean;
  /** The 1yz reply. */
  readonly preliminary: Reply | undefined;
  /** The reply that ends the transfer. */
  readonly final: Reply | undefined;
  /** The final reply, or a fence, says that the transfer is not whole. */
  readonly refused: boolean;
  /** A final reply that may be another command's: it counts when the data has moved and a fence has shown that it is the answer. */
  readonly held: Reply | undefined;
  /** It came before all of an upload was sent: by itself it completes nothing. */
  readonly heldEarly: boolean;
  /** A fence was asked about it. */
  readonly deciding: boolean;
  readonly connected: boolean;
  /** Bytes may flow: connected, and secured if TLS is required. */
  readonly open: boolean;
  readonly handshakeExpectedAt: number | undefined;
  readonly securedAt: number | undefined;
  readonly moved: boolean;
  readonly ended: boolean;
  readonly enough: boolean;
  readonly allSent: boolean;
  readonly dataError: Error | undefined;
  /** The peer of the data connection is not the server of the control connection, or others could read the bytes. */
  readonly attacked: boolean;
  readonly sourceError: { readonly error: unknown } | undefined;
  readonly stalled: boolean;
  readonly heldTooLong: boolean;
  readonly portAsked: boolean;
  readonly portTold: boolean;
  readonly cancelled: boolean;
  /** ABOR was sent: from then on every reply belongs to the abort. */
  readonly aborting: boolean;
  /** All replies since but those to NOOPs, PWD's answer included. */
  readonly afterAbort: readonly Reply[];
  /** PWD was sent when so many final replies had come since ABOR. */
  readonly finalsBeforePwd: number | undefined;
  /** PWD was answered. */
  readonly inStep: boolean;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

export function newFacts(kind: TransferKind): Facts {
  return {
    kind,
    doubtful: false,
    sent: false,
    preliminary: undefined,
    final: undefined,
    refused: false,
    held: undefined,
    heldEarly: false,
    deciding: false,
    connected: false,
    open: false,
    handshakeExpectedAt: undefined,
    securedAt: undefined,
    moved: false,
    ended: false,
    enough: false,
    allSent: false,
    dataError: undefined,
    attacked: false,
    sourceError: undefined,
    stalled: false,
    heldTooLong: false,
    portAsked: false,
    portTold: false,
    cancelled: false,
    noopsSent: 0,
    noopsAnswered: 0,
    aborting: false,
    afterAbort: [],
    finalsBeforePwd: undefined,
    inStep: false,
  };
}

/**
 * The reply's place is over, more replies are to come for it, or a fence has to decide about it. `fence`: the place is over, but
 * NOOPs are unanswered.
 */
export type Verdict = 'more' | 'over' | 'held' | 'fence';

/**
 * The only writer of facts. An event that comes twice changes nothing, but for NOOPs and replies, which are counted. No fact
 * changes back. `held` alone may change once more: it is the last odd reply before a fence decides.
 */
export function record(facts: Facts, event: TransferEvent): Verdict {
  const f = facts as Writable<Facts>;
  if (event.type === 'reply') {
    return f.aborting ? recordAfterAbort(f, event.reply) : recordInOrder(f, event.reply, event.isOdd);
  }
  recordUsual(f, event);
  return 'more';
}

/** The events of every transfer come first. */
function recordUsual(f: Writable<Facts>, event: Exclude<TransferEvent, { readonly type: 'reply' }>): void {
  switch (event.type) {
    case 'connected':
      f.connected = true;
      f.open ||= !f.kind.isSecure;
      return;
    case 'sent':
      recordSent(f, event.line);
      return;
    case 'moved':
      f.moved = true;
      return;
    case 'ended':
      f.ended = true;
      return;
    case 'all-sent':
      f.allSent = true;
      return;
    case 'port-asked':
      f.portAsked = true;
      return;
    default:
      recordRare(f, event);
  }
}

type UsualType = 'reply' | 'connected' | 'sent' | 'moved' | 'ended' | 'all-sent' | 'port-asked';

function recordRare(f: Writable<Facts>, event: Exclude<TransferEvent, { readonly type: UsualType }>): void {
  switch (event.type) {
    case 'doubtful':
      f.doubtful = true;
      break;
    case 'deciding':
      f.deciding = true;
      break;
    case 'decided':
      end(f, event.final, event.refused);
      break;
    case 'handshake-expected':
      f.handshakeExpectedAt ??= event.at;
      break;
    case 'secured':
      f.open = true;
      f.securedAt ??= event.at;
      break;
    case 'enough':
      f.enough = true;
      break;
    case 'data-error':
      f.dataError ??= event.error;
      f.attacked ||= event.isAttack;
      break;
    case 'source-error':
      f.sourceError ??= { error: event.error };
      break;
    case 'stalled':
      f.stalled = true;
      break;
    case 'held-too-long':
      f.heldTooLong = true;
      break;
    case 'port-told':
      f.portTold = true;
      break;
    case 'cancel':
      f.cancelled = true;
      break;
  }
}

function recordSent(f: Writable<Facts>, line: SentLine): void {
  if (line === 'transfer') f.sent = true;
  else if (line === 'ABOR') f.aborting = true;
  else if (line === 'NOOP') f.noopsSent += 1;
  else f.finalsBeforePwd = finalsAfterAbort(f);
}

/**
 * A second 1yz is waited through while data may move. After the data connection has ended it is final (Pure-FTPd says so of a
 * broken RETR). An odd final reply is held; a refusal, or one behind the end of the data, goes to the fence at once.
 *
 * Once a NOOP was sent, a reply with a code of NOOP's never ends the transfer by itself. It is a NOOP's while one is unanswered.
 * Behind that it is held: the transfer's, or a NOOP's second answer.
 */
function recordInOrder(f: Writable<Facts>, reply: Reply, isOdd: boolean): Verdict {
  if (reply.class === 1) {
    if (f.preliminary === undefined) f.preliminary = reply;
    else if (f.ended || f.dataError !== undefined) return end(f, reply, true);
    return 'more';
  }
  const mayBeNoops = f.noopsSent > 0 && mayAnswerNoop(reply);
  if (mayBeNoops && answersNoop(f, reply)) return 'more';
  if (!isOdd && !f.doubtful && !mayBeNoops) return end(f, reply, reply.class !== 2);
  f.held = reply;
  f.heldEarly = f.kind.direction === 'upload' && !f.allSent;
  f.deciding ||= !mayBeNoops && (isDataOver(f) || reply.class >= 4);
  return f.deciding ? 'held' : 'more';
}

function end(f: Writable<Facts>, final: Reply, refused: boolean): Verdict {
  if (f.final === undefined) f.refused = refused;
  f.final ??= final;
  return f.noopsSent > 0 && unanswered(f) > 0 ? 'fence' : 'over';
}

/** Counts the reply to a NOOP. */
function answersNoop(f: Writable<Facts>, reply: Reply): boolean {
  if (unanswered(f) === 0 || !mayAnswerNoop(reply)) return false;
  f.noopsAnswered += 1;
  return true;
}

/** The answer to PWD is its path. If both replies to the abort are in, it may also say that the directory or PWD is missing. */
function recordAfterAbort(f: Writable<Facts>, reply: Reply): Verdict {
  if (answersNoop(f, reply)) return 'more';
  f.afterAbort = [...f.afterAbort, reply];
  const { finalsBeforePwd, kind } = f;
  if (finalsBeforePwd === undefined) return 'more';
  const { code } = reply;
  const isRefusal = code === 550 || (kind.withoutPwd && (code === 500 || code === 502));
  f.inStep = code === 257 || (finalsBeforePwd >= 2 && isRefusal);
  return f.inStep ? 'over' : 'more';
}

/** All data has moved: a final reply that is held may be decided about. */
export function isDataOver({ kind, ended, allSent }: Facts): boolean {
  return kind.direction === 'download' ? ended : allSent;
}

/** Final replies since the abort began; a first 1yz that was still missing is not one of them. */
export function finalsAfterAbort({ preliminary, afterAbort }: Facts): number {
  const late = preliminary === undefined && afterAbort[0]?.class === 1 ? 1 : 0;
  return afterAbort.length - late;
}

/** The command was written, and no reply has come: a server that reads it later may begin it then. */
export function mayBeginLate({ sent, preliminary, final, afterAbort }: Facts): boolean {
  return sent && preliminary === undefined && final === undefined && afterAbort.length === 0;
}

/** The server has replied to the command. */
export function hasReplied({ preliminary, final }: Facts): boolean {
  return preliminary !== undefined || final !== undefined;
}

/**
 * The server may have begun: the command was written. A 1yz came, in time or during the abort, or no refusal came. If no preliminary reply
 * came, a refusal that may be ABOR's counts as the command's: the client then leaves an existing file alone.
 */
export function mayHaveBegun({ sent, preliminary, final, afterAbort }: Facts): boolean {
  const replies = [preliminary, final, ...afterAbort].filter((reply) => reply !== undefined);
  if (replies.some((reply) => reply.class === 1)) return true;
  return sent && !replies.some((reply) => reply.class >= 4 && reply.code !== 426);
}

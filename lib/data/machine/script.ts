/**
 * Defines the language of the transfer scripts.
 *
 * A script is a generator. It has effects done at once, by a function that it gets, and yields its waits. The runner resumes it
 * from a wait with `true` when a predicate over the facts holds. It resumes it with `false` when the time of the wait has passed.
 * Only events change the facts.
 *
 * So a script reads like docs/abort.md. A spec can feed it every event at every wait, without sockets, timers and promises.
 */
import type { Reply } from '../../protocol/reply.js';

/** One thing that has happened to a transfer. `at` is a time in milliseconds. */
export type TransferEvent =
  /** A reply before the command was odd. */
  | { readonly type: 'doubtful' }
  /** The transfer's own command was written, or ABOR, or PWD, or a NOOP. */
  | { readonly type: 'sent'; readonly line: SentLine }
  /** `isOdd`: its code is not usual for the command, or it came sooner than the way takes. */
  | { readonly type: 'reply'; readonly reply: Reply; readonly isOdd: boolean }
  /** A fence was asked about the reply that is held. */
  | { readonly type: 'deciding' }
  /** The fence has shown that this reply is the answer. */
  | { readonly type: 'decided'; readonly final: Reply; readonly refused: boolean }
  | { readonly type: 'connected' }
  /** The server is expected to shake hands from now on. */
  | { readonly type: 'handshake-expected'; readonly at: number }
  | { readonly type: 'secured'; readonly at: number }
  /** The first byte has moved, or was dropped since the user had left. */
  | { readonly type: 'moved' }
  /** The server has ended the data connection, and all that came was passed on. */
  | { readonly type: 'ended' }
  /** All bytes that are wanted have come. */
  | { readonly type: 'enough' }
  /** All bytes of the source were written and have left. */
  | { readonly type: 'all-sent' }
  | { readonly type: 'data-error'; readonly error: Error; readonly isAttack: boolean }
  | { readonly type: 'source-error'; readonly error: unknown }
  /** Nothing has moved for too long, or too little. */
  | { readonly type: 'stalled' }
  /** The user has held the transfer for too long, while others waited for its session. */
  | { readonly type: 'held-too-long' }
  /** The next transfer's port was asked for. */
  | { readonly type: 'port-asked' }
  /** It was answered, or never will be. */
  | { readonly type: 'port-told' }
  /** The user has unsubscribed, or something has broken the transfer off in his stead. */
  | { readonly type: 'cancel' };

/** The events that a data connection tells. */
export type DataEvent = Extract<
  TransferEvent,
  { readonly type: 'connected' | 'handshake-expected' | 'secured' | 'ended' | 'data-error' }
>;

export type SentLine = 'transfer' | 'ABOR' | 'PWD' | 'NOOP';

/** Why an aborted transfer costs its connection. */
export type Risk =
  | 'more was already asked for'
  | 'may still wait at the server'
  | 'may come back with the next listing';

/** One thing that has to be done at once. */
export type Effect =
  | { readonly do: 'send'; readonly line: SentLine }
  /** Shake hands over the data connection, now or as soon as it is there. */
  | { readonly do: 'start-tls' }
  /** The server has not replied before the handshake, and will not on this server's other transfers. */
  | { readonly do: 'learn-handshake-first' }
  /** Tell the user that the transfer has begun. */
  | { readonly do: 'begin' }
  /** Bytes may move, and have to. */
  | { readonly do: 'flow' }
  /** None need to move any more. */
  | { readonly do: 'rest' }
  /** Read on, even if the consumer holds. */
  | { readonly do: 'read-on' }
  /** Ask for the next transfer's port, if that is sound. */
  | { readonly do: 'ask-port-early' }
  /** The refusal may have been the answer to that. */
  | { readonly do: 'doubt-port' }
  /** Let a fence decide about the final reply that is held. */
  | { readonly do: 'decide' }
  /** The next reply may still be the transfer's: a fence goes before the next command. */
  | { readonly do: 'fence' }
  /** The abort may take so long; then the client closes the connection. */
  | { readonly do: 'bound' }
  /** The abort is over, and the user still waits: later commands of the work have their own time. */
  | { readonly do: 'unbound' }
  /** Break the data connection off by a RST. */
  | { readonly do: 'reset' }
  /** Close the data connection. */
  | { readonly do: 'close' }
  | { readonly do: 'give-up'; readonly risk: Risk };

/** Does an effect for a script. The answer is `false` if the next transfer's port was not asked for. */
export type Act = (effect: Effect) => boolean;

/** A pause until `holds`, or until `ms` have passed, counted from `since` or else from now. */
export interface Wait {
  /** Names the wait, in the drawing of docs/abort.md. */
  readonly wait: string;
  readonly holds: () => boolean;
  readonly ms?: number | undefined;
  readonly since?: number | undefined;
}

/** Continues with `true` after a fulfilled wait, and with `false` when the time of the wait has passed. */
export type Script<T> = Generator<Wait, T, boolean>;

/** The ways in which a transfer is not whole. */
export type Failure =
  /** The server has refused it, before it began. */
  | 'refused'
  /** A reply that may be another command's is all that came. */
  | 'uncertain'
  | 'no data connection'
  /** The server says that it is not whole. */
  | 'broken off'
  /** The data connection broke. */
  | 'broken'
  | 'stalled'
  | 'held too long'
  | 'source failed'
  /** The server has ended an upload before all was sent. */
  | 'ended early'
  /** No reply in time: the connection cannot be used any more. */
  | 'late';

export type Outcome = 'complete' | 'left' | { readonly failed: Failure };

/** How a part of a transfer ends: by the outcome of all, or by the part that goes on in its place. */
export type Next = Outcome | Part;

/** The script of one part of a transfer. So the usual parts follow one another, and none waits within another. */
export type Part = Generator<Wait, Next, boolean>;

/** How long each wait may be, in milliseconds, and the known habits of the server. */
export interface Terms {
  readonly replyMs: number;
  readonly connectMs: number;
  readonly abortMs: number;
  readonly roundTripMs: number;
  /** The server replies to a transfer command only after the handshake. */
  readonly handshakeFirst: boolean;
  /** A broken listing comes back with the next one. */
  readonly repeatsListings: boolean;
  /** It leaves a command unread until an upload is over: the next port may be asked for when all bytes have been sent. */
  readonly portBehindUpload: boolean;
  /** NOOPs are sent while it runs. */
  readonly keepsAlive: boolean;
}

/* @__NO_SIDE_EFFECTS__ */
export function send(line: SentLine): Effect {
  return { do: 'send', line };
}

/* @__NO_SIDE_EFFECTS__ */
export function until(wait: string, holds: () => boolean, ms?: number, since?: number): Wait {
  return { wait, holds, ms, since };
}

/* @__NO_SIDE_EFFECTS__ */
export function failed(failure: Failure): Outcome {
  return { failed: failure };
}

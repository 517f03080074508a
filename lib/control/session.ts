/**
 * Defines a session as its work sees it: exchanges under a lease, and the known facts of the server. `ControlSession` alone opens, leases
 * and closes a session.
 */
import type { TlsLink } from '../net/tls-link.js';
import type { Command } from '../protocol/command.js';
import type { Features } from '../protocol/features.js';
import type { Reply } from '../protocol/reply.js';
import type { ControlChannel } from './control-channel.js';
import type { FtpEvents, SessionEvent } from './events.js';
import type { NextKind } from './lane.js';
import type { Learned, Optional } from './learned.js';
import type { FinalReply, RequestOptions } from './request.js';
import type { ServerProfile } from './server-profile.js';
import type { ServerEvent, ServerState } from './server-state.js';
import type { SessionSettings } from './settings.js';
import type { UserSettings } from './user-settings.js';

/** A port that was asked for before its transfer had a lease. */
export interface EarlyPort {
  readonly final: Promise<FinalReply>;
  /** After this time (`channel.timers.now`) it is not used any more. */
  readonly staleAt: number;
}

export interface Session {
  readonly channel: ControlChannel;
  readonly settings: SessionSettings;
  /** The user's settings, and the settings of this connection. */
  readonly user: UserSettings;
  /** The known facts of the server, from all events on this connection. */
  readonly server: ServerState;
  readonly features: Features;
  /** The known behaviour of the server. */
  readonly profile: ServerProfile;
  /** The client's knowledge of this server, from all of its sessions. */
  readonly learned: Learned;
  /** The address of the server, as far as the connector tells: data connections go there. */
  readonly peer: string | undefined;
  readonly tls: TlsLink | undefined;
  /** How long the last exchange took: an upper bound of the round-trip time, for the abort's waits. */
  readonly roundTripMs: number;
  /** EPSV for the next transfer, sent before its lease was granted. */
  earlyPort: EarlyPort | undefined;
  /** The rename that RNFR has begun, until RNTO. */
  readonly rename: { takeBack(): Promise<void>; readonly endOfKept: Command | undefined };

  /** The kind of the work that will probably run next on this session, or that its end is next. */
  readonly nextKind: NextKind | undefined;
  /**
   * For work that could end its lease sooner, or must not last for ever: `callback` is called whenever other work, or the end of the
   * session, begins to wait, and at once if one waits already. The returned function ends that.
   */
  onContention(callback: () => void): () => void;
  /** Asks the source of an upload, which may begin a download of the same client's for that. Returns what `ask` returns. */
  askSource<T>(ask: () => T): T;
  /**
   * Resolves when every reply of the login is in, and with it the features; rejects when the connection is lost before.
   * Undefined when they are in.
   */
  readonly settled: Promise<void> | undefined;

  /** One exchange with its final reply, also when that is a refusal. */
  request(line: Command, options?: Partial<RequestOptions>): Promise<FinalReply>;
  /** The same, of a command without which all goes on: undefined when the replies do not show what came of it. */
  requestOptional(line: Command): Promise<FinalReply | undefined>;
  /** One exchange that must succeed; a refusal is thrown. */
  perform(verb: string, ...args: (string | undefined)[]): Promise<Reply>;
  /** The user's own command: its settings stay set. A refusal is thrown. */
  performForUser(line: Command): Promise<Reply>;
  /** Sets the representation type, unless the server has it already, or is being told. */
  ensureType(type: string, options?: Partial<RequestOptions>): Promise<void>;

  /** Records what has happened here: the only way to change `server`. `request` does it for its command. */
  learn(event: ServerEvent): void;
  /** The events of the client, or of the session alone: whether they are observed, and the numbers of its transfers. */
  readonly events: Pick<FtpEvents, 'observed' | 'nextTransfer'>;
  /** Tells an event beside the operations. */
  tell(event: SessionEvent): void;
  /** The client does without `what` from now on, by way of `to`; told once. */
  fallBack(what: Optional, to: string, reply?: Reply): void;
  /** The same, of a verb without a reply, if the server has never replied to it: otherwise the connection alone is dead. */
  fallBackFromSilence(what: Optional, to: string): void;
  /** A path that a reply names, as the file is called: vsftpd writes a byte 0xFF of it twice. */
  pathFrom(named: string): string;
  /** The transfer that has the connection alone only gets into step from now on: the connection is closed if that takes over `abortTimeoutMs`. */
  limitAbort(): void;
  /** That transfer is in step, and its work goes on: the limit ends, unless the work was told to stop. */
  endAbort(): void;
}

/**
 * Holds the settings of one control connection, with every default filled in. The client layer makes it from the user's options. It is a
 * value, so a reconnect or another session cannot have a weaker policy than the first.
 */
import type { ConnectionOptions } from 'node:tls';
import type { Clock } from '../net/clock.js';
import type { Connector } from '../net/connector.js';
import type { Command } from '../protocol/command.js';
import type { Endpoint } from '../protocol/endpoint.js';
import type { MinRate } from './min-rate.js';

/** Text as the server encodes it. */
export interface TextCodec {
  /** `charset`: another one that `TextDecoder` knows. All but `custom` leave ASCII as it is. */
  readonly name: 'utf8' | 'latin1' | 'charset' | 'custom';
  readonly encode: (text: string) => Uint8Array;
  readonly decode: (bytes: Uint8Array) => string;
}

/** A command of the user's that follows each login. */
export interface LoginCommand {
  readonly command: Command;
  /** The session does without it if the server refuses it. */
  readonly mayFail: boolean;
}

export interface SessionSettings extends Endpoint {
  readonly user: string;
  /** Asked at each login. */
  readonly password: () => string | Promise<string>;
  readonly account: string | undefined;
  /** The host that HOST names before USER (RFC 7151). */
  readonly virtualHost: string | undefined;
  /** The name that CLNT tells. */
  readonly clientName: string | undefined;
  /** The language of replies, for LANG (RFC 2640). */
  readonly language: string | undefined;
  readonly loginCommands: readonly LoginCommand[];
  /** The directory to go to after login. */
  readonly directory: string | undefined;
  readonly secure: false | 'explicit' | 'implicit';
  /** The protection level of data connections on a secure session. */
  readonly dataProtection: 'private' | 'clear';
  readonly tls: ConnectionOptions;
  /** Whether the control connection may be cleared again by CCC. */
  readonly allowCcc: boolean;
  /** Write USER, PASS and the commands after them at once. */
  readonly pipelineLogin: boolean;
  readonly mode: 'passive' | 'epsv' | 'pasv' | 'active';
  readonly activeAddress: string | undefined;
  readonly activePorts: readonly [number, number] | undefined;
  readonly activePeer: 'same' | 'any';
  readonly family: 0 | 4 | 6;
  readonly localAddress: string | undefined;
  /** Of control connections. */
  readonly localPort: number | undefined;
  readonly trustPasvHost: boolean;
  readonly connectTimeoutMs: number;
  readonly replyTimeoutMs: number;
  readonly stallTimeoutMs: number;
  /** The time limit of a whole transfer; 0 without one. */
  readonly deadlineMs: number;
  readonly minRate: MinRate | false;
  readonly abortTimeoutMs: number;
  readonly keepAliveMs: number;
  /** As `keepAliveMs`, while a transfer runs. */
  readonly transferKeepAliveMs: number;
  readonly progressIntervalMs: number;
  readonly maxReplyBytes: number;
  readonly maxLineBytes: number;
  readonly maxCommandBytes: number | undefined;
  /** The server's features; `ask` if FEAT is to tell them. */
  readonly features: 'ask' | readonly string[];
  readonly codec: TextCodec;
  /** `deflate`: transfers go in MODE Z, if the server has it. */
  readonly compression: false | 'deflate';
  /** Of the times in listings; `auto` if it is to be measured. */
  readonly timeZone: string | number | undefined;
  readonly connector: Connector;
  /** The proxy that `connector` goes through, as errors name it; undefined if none is known. */
  readonly proxy: string | undefined;
  readonly clock: Clock;
  /** The number of sessions that the client may have; undefined for the one session of `connect$`. */
  readonly maxSessions: number | undefined;
}

/**
 * Holds the known state of one connection's server, derived from all events on it. A raw `TYPE A` by the user and one by a transfer count
 * alike.
 */
import type { TlsLink } from '../net/tls-link.js';
import type { Command } from '../protocol/command.js';
import { isExtension } from '../protocol/extensions.js';
import { Features } from '../protocol/features.js';
import { isUnknownCommand, type Reply } from '../protocol/reply.js';
import { canonicalType } from '../protocol/representation-type.js';

export interface ServerState {
  /** The representation type (RFC 959 section 3.1.1) in its one spelling, as in `I` or `A`; undefined until one was set. */
  readonly type: string | undefined;
  /** The transfer mode (RFC 959 section 3.4) in upper case, as in `S` or `Z`. */
  readonly mode: string;
  /** A REST that is pending at the server, or may be, and would cut the next transfer. */
  readonly restartPending: false | 'in doubt' | 'granted';
  /** The data channel protection level (RFC 2228). */
  readonly protection: string;
  /** The algorithm of HASH that OPTS has set, in upper case; undefined until then. */
  readonly hash: string | undefined;
  /** A STOU was sent, with any result. */
  readonly storedUnique: boolean;
  /** A command was called a syntax error. */
  readonly syntaxError: boolean;
  /** The features of FEAT, or of the user; `Features.none` itself if FEAT was refused or not answered. */
  readonly named: Features;
  /** By verb of an extension: whether it has worked here, or was called unknown. */
  readonly verbs: ReadonlyMap<string, boolean>;
  /** The named features, corrected by later replies. */
  readonly features: Features;
  /** REIN has ended the login, and there was none since. */
  readonly loggedOut: boolean;
  /** Set once the control connection is secured; CCC does not undo it, since data connections stay protected. */
  readonly tls: TlsLink | undefined;
}

export const INITIAL_SERVER_STATE: ServerState = /* @__PURE__ */ initialState();

/* @__NO_SIDE_EFFECTS__ */
function initialState(): ServerState {
  return Object.freeze({
    type: undefined,
    mode: 'S',
    restartPending: false,
    protection: 'C',
    hash: undefined,
    storedUnique: false,
    syntaxError: false,
    named: Features.none,
    verbs: new Map<string, boolean>(),
    features: Features.none,
    loggedOut: false,
    tls: undefined,
  });
}

const TRANSFER_VERBS = ['RETR', 'STOR', 'STOU', 'APPE', 'LIST', 'NLST', 'MLSD'] as const;

const LOGIN_VERBS = ['USER', 'PASS', 'ACCT'] as const;

/** The events on the connection, as far as they tell about the server. */
export type ServerEvent =
  | { readonly type: 'secured'; readonly tls: TlsLink }
  | { readonly type: 'features named'; readonly features: Features }
  /** A transfer is on its way: an abort may leave it without a reply of its own. */
  | { readonly type: 'transfer sent'; readonly command: Command }
  /** The final reply is in. */
  | { readonly type: 'answered'; readonly command: Command; readonly reply: Reply }
  /** It is not known whether the command was done. */
  | { readonly type: 'in doubt'; readonly command: Command };

/** The state after `event`. */
export function nextServerState(state: ServerState, event: ServerEvent): ServerState {
  switch (event.type) {
    case 'answered':
      return afterReply(afterUse(state, event.command, event.reply), event.command, event.reply);
    case 'in doubt':
      return afterDoubt(state, event.command);
    case 'transfer sent':
      return event.command.verb === 'STOU' ? { ...state, storedUnique: true } : state;
    case 'secured':
      // Replies in clear text may have been another's.
      return { ...withFeatures(state, state.named, INITIAL_SERVER_STATE.verbs), tls: event.tls };
    case 'features named':
      return withFeatures(state, event.features, state.verbs);
  }
}

function withFeatures(state: ServerState, named: Features, verbs: ServerState['verbs']): ServerState {
  return { ...state, named, verbs, features: verbs.size === 0 ? named : named.corrected(verbs) };
}

/** A verb that has worked once is known: a later 500 is for its argument. */
function afterUse(state: ServerState, { verb }: Command, reply: Reply): ServerState {
  const before = state.verbs.get(verb);
  if (before === true || !(isExtension(verb) || state.named.has(verb))) return state;
  // 202: the command is superfluous here, and nothing was done.
  const works = (reply.class === 2 && reply.code !== 202) || reply.class === 3;
  if (!works && (before === false || !isUnknownCommand(reply))) return state;
  return withFeatures(state, state.named, new Map(state.verbs).set(verb, works));
}

function afterReply(state: ServerState, command: Command, reply: Reply): ServerState {
  if (command.verb === 'REST') return { ...state, restartPending: restartAfter(state, command, reply) };
  if (reply.code === 500 && /\bsyntax error\b/i.test(reply.text)) return { ...state, syntaxError: true };
  return reply.class === 2 ? (EFFECTS.get(command.verb)?.(state, command) ?? state) : state;
}

type Effect = (state: ServerState, command: Command) => ServerState;

/** The state after a 2yz, by the verb that was answered; any other verb changes nothing. */
const EFFECTS: ReadonlyMap<string, Effect> = /* @__PURE__ */ effects();

/* @__NO_SIDE_EFFECTS__ */
function effects(): ReadonlyMap<string, Effect> {
  return new Map<string, Effect>([
    ...TRANSFER_VERBS.map((verb) => [verb, afterTransfer] as const),
    ...LOGIN_VERBS.map((verb) => [verb, afterLogin] as const),
    ['TYPE', (state, line) => ({ ...state, type: canonicalType(argumentOf(line)) })],
    ['MODE', (state, line) => ({ ...state, mode: argumentOf(line) })],
    ['PROT', (state, line) => ({ ...state, protection: argumentOf(line) })],
    ['OPTS', (state, line) => ({ ...state, hash: hashSetBy(line) ?? state.hash })],
    ['REIN', afterRein],
  ]);
}

function afterTransfer(state: ServerState): ServerState {
  return state.restartPending ? { ...state, restartPending: false } : state;
}

function afterLogin(state: ServerState): ServerState {
  return state.loggedOut ? { ...state, loggedOut: false } : state;
}

/** REIN resets the settings: features and protection stay. */
function afterRein({ named, verbs, features, tls }: ServerState): ServerState {
  return { ...INITIAL_SERVER_STATE, named, verbs, features, tls, loggedOut: true };
}

/** A refusal may be a stray reply. Only a server that has granted no offset before has none after it refuses `REST 0`. */
function restartAfter({ restartPending }: ServerState, command: Command, reply: Reply): ServerState['restartPending'] {
  const isRefused = reply.class >= 4;
  if (isRefused && restartPending === 'granted') return 'granted';
  if (argumentOf(command) === '0') return false;
  return isRefused ? 'in doubt' : 'granted';
}

function afterDoubt(state: ServerState, command: Command): ServerState {
  const { verb } = command;
  if (verb === 'TYPE') return { ...state, type: IN_DOUBT };
  if (verb === 'MODE') return { ...state, mode: IN_DOUBT };
  if (verb === 'OPTS' && hashSetBy(command) !== undefined) return { ...state, hash: IN_DOUBT };
  if (verb === 'PROT') return { ...state, protection: IN_DOUBT };
  return verb === 'REST' ? { ...state, restartPending: state.restartPending || 'in doubt' } : state;
}

/** The algorithm in `OPTS HASH SHA-256`; undefined for other options, and for a mere question. */
function hashSetBy(command: Command): string | undefined {
  return /^HASH (\S+)$/.exec(argumentOf(command))?.[1];
}

/** No type, no mode, no protection level, no algorithm: the next work sets the ones that it needs. */
const IN_DOUBT = 'in doubt';

function argumentOf({ verb, line }: Command): string {
  return line.slice(verb.length).trim().toUpperCase();
}

/**
 * Holds the settings that the user expects to persist: directory, type, mode, protection, options. They belong to the client, not to one
 * connection. Every session takes them over before it works, also after a reconnect.
 */
import { FtpReplyError } from '../errors.js';
import { type Command, command } from '../protocol/command.js';
import type { Reply } from '../protocol/reply.js';
import { canonicalType } from '../protocol/representation-type.js';
import { refused } from './request.js';

export interface UserState {
  /**
   * The commands that lead to the present directory: one CWD with an absolute path, if that is known. A server that refuses PWD does not
   * tell it; then the commands are the user's, after the last one with an absolute path. None while the user is in the login directory.
   */
  readonly directory: readonly Command[];
  /** The type of transfers that do not name one. */
  readonly type: string;
  /** The transfer mode that `mode$` has set, in upper case; undefined while the options decide. */
  readonly mode: string | undefined;
  readonly protection: string | undefined;
  /** OPTS in effect: feature name to its parameters. */
  readonly options: ReadonlyMap<string, string>;
}

export const INITIAL_USER_STATE: UserState = /* @__PURE__ */ Object.freeze({
  directory: [],
  type: 'I',
  mode: undefined,
  protection: undefined,
  options: new Map<string, string>(),
});

/**
 * The one holder of a user's state: a session's own, or shared by all sessions of a client. A change is given as a
 * function of the present state, so that two sessions never undo each other's changes.
 */
export class WantedState {
  /** Whether other sessions must be able to follow: then PWD asks for a changed directory, if the server has it. */
  readonly shared: boolean;
  readonly #onChanged: (by: object) => void;
  /** The state right after a login. */
  readonly initial: UserState;
  #current: UserState;

  /** `onChanged` receives each change, and the connection whose settings have made it. */
  constructor(shared: boolean, onChanged: (by: object) => void = () => {}, type: string = INITIAL_USER_STATE.type) {
    this.shared = shared;
    this.#onChanged = onChanged;
    this.initial = type === INITIAL_USER_STATE.type ? INITIAL_USER_STATE : { ...INITIAL_USER_STATE, type };
    this.#current = this.initial;
  }

  get current(): UserState {
    return this.#current;
  }

  /** Replaces the state; the same state again is no change. */
  change(state: UserState, by: object): void {
    if (state === this.#current) return;
    this.#current = state;
    this.#onChanged(by);
  }
}

const SETTING_VERBS: ReadonlySet<string> = new Set(['TYPE', 'MODE', 'PROT', 'OPTS']);
const MOVING_VERBS: ReadonlySet<string> = new Set(['CWD', 'XCWD', 'CDUP', 'XCUP']);

/** Whether the user's own command changes the directory; the path it names, `..` for the parent. */
export function pathMovedTo({ verb, line }: Command): string | undefined {
  if (!MOVING_VERBS.has(verb)) return undefined;
  return verb === 'CDUP' || verb === 'XCUP' ? '..' : line.slice(verb.length + 1);
}

/** Whether the user's own command, when it succeeds, changes what all sessions have to follow. */
export function changesUserState({ verb }: Command): boolean {
  return SETTING_VERBS.has(verb) || MOVING_VERBS.has(verb);
}

/** The error if a new session refuses an earlier setting. */
export function outOfReach(line: Command, reply: Reply): FtpReplyError {
  const error = refused(line.masked, reply);
  if (!MOVING_VERBS.has(line.verb)) return error;
  const message = `${error.message}; the directory that the client was in cannot be gone into any more: leave it by cwd$ with a path from /`;
  return new FtpReplyError(message, { command: line.masked, reply });
}

/** The state after the user's own `command` succeeded; the directory is not derived here, since only PWD may know it. */
export function nextUserState(state: UserState, done: Command): UserState {
  const argument = done.line.slice(done.verb.length + 1);
  if (done.verb === 'TYPE') return { ...state, type: canonicalType(argument) };
  if (done.verb === 'MODE') return { ...state, mode: argument.trim().toUpperCase() };
  if (done.verb === 'PROT') return { ...state, protection: argument.toUpperCase() };
  if (done.verb === 'OPTS') {
    const [feature = '', ...rest] = argument.split(' ');
    return { ...state, options: new Map(state.options).set(feature.toUpperCase(), rest.join(' ')) };
  }
  if (done.verb === 'REIN') return INITIAL_USER_STATE;
  return state;
}

/** The commands that bring a session from one state to another. TYPE and MODE are not among them: each transfer sets its own. */
export function commandsToReach(wanted: UserState, from: UserState): readonly Command[] {
  const commands: Command[] = [];
  if (wanted.protection !== undefined && wanted.protection !== from.protection) {
    commands.push(command('PROT', wanted.protection));
  }
  for (const [feature, parameters] of wanted.options) {
    if (from.options.get(feature) !== parameters) commands.push(command('OPTS', feature, parameters));
  }
  return [...commands, ...wayTo(wanted.directory, from.directory)];
}

/** The commands that lead on from the target of `from`, or else from anywhere: those begin with an absolute path then. */
function wayTo(directory: readonly Command[], from: readonly Command[]): readonly Command[] {
  const leadsOn = from.every(({ line }, index) => directory[index]?.line === line);
  return leadsOn ? directory.slice(from.length) : directory;
}

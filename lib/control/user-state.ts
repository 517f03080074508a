/**
 * What the user has set and expects to stay set: directory, type, protection, options. It belongs to the client, not to
 * one connection: every session is brought there before it works for a client, also after a reconnect.
 */
import { type Command, command } from '../protocol/command.js';
import { canonicalType } from '../protocol/representation-type.js';

export interface UserState {
  /** An absolute path; undefined while the user is where the login put him. */
  readonly directory: string | undefined;
  /** The type of transfers that do not name one. */
  readonly type: string;
  readonly protection: string | undefined;
  /** OPTS in effect: feature name to its parameters. */
  readonly options: ReadonlyMap<string, string>;
}

export const INITIAL_USER_STATE: UserState = Object.freeze({
  directory: undefined,
  type: 'I',
  protection: undefined,
  options: new Map<string, string>(),
});

/**
 * The one holder of a user's state: a session's own, or shared by all sessions of a client. Whoever changes it gives a
 * function of the present state, so that two sessions never undo each other's changes.
 */
export class WantedState {
  current: UserState = INITIAL_USER_STATE;
  /** Whether other sessions must be able to follow: then a changed directory is asked for by PWD. */
  readonly shared: boolean;

  constructor(shared: boolean) {
    this.shared = shared;
  }
}

/** The state after the user's own `command` succeeded; the directory is not derived here, since only PWD knows it. */
export function nextUserState(state: UserState, done: Command): UserState {
  const argument = done.line.slice(done.verb.length + 1);
  if (done.verb === 'TYPE') return { ...state, type: canonicalType(argument) };
  if (done.verb === 'PROT') return { ...state, protection: argument.toUpperCase() };
  if (done.verb === 'OPTS') {
    const [feature = '', ...rest] = argument.split(' ');
    return { ...state, options: new Map(state.options).set(feature.toUpperCase(), rest.join(' ')) };
  }
  if (done.verb === 'REIN') return INITIAL_USER_STATE;
  return state;
}

/** The commands that bring a session from one state to another. TYPE is not among them: each transfer sets its own. */
export function commandsToReach(wanted: UserState, from: UserState): readonly Command[] {
  const commands: Command[] = [];
  if (wanted.protection !== undefined && wanted.protection !== from.protection) {
    commands.push(command('PROT', wanted.protection));
  }
  for (const [feature, parameters] of wanted.options) {
    if (from.options.get(feature) !== parameters) commands.push(command('OPTS', feature, parameters));
  }
  if (wanted.directory !== undefined && wanted.directory !== from.directory) {
    commands.push(command('CWD', wanted.directory));
  }
  return commands;
}

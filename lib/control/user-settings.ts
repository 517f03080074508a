/**
 * Brings one connection to the user's settings, which other sessions of the client may have changed meanwhile.
 */
import type { Command } from '../protocol/command.js';
import type { FinalReply } from './request.js';
import { commandsToReach, nextUserState, outOfReach, type UserState, type WantedState } from './user-state.js';

export class UserSettings {
  readonly wanted: WantedState;
  /** The wanted state when this connection was brought there. The work under its lease goes by it. Written here alone. */
  applied: UserState;

  constructor(wanted: WantedState) {
    this.wanted = wanted;
    this.applied = wanted.initial;
  }

  /** The connection has the wanted state. */
  get isApplied(): boolean {
    return this.applied === this.wanted.current;
  }

  /** Records a change that was made over this connection. */
  remember(change: (state: UserState) => UserState): void {
    const before = this.wanted.current;
    this.wanted.change(change(before), this);
    this.applied = this.applied === before ? this.wanted.current : change(this.applied);
  }

  /** Records that the user's own command has succeeded. */
  note(line: Command): void {
    this.remember((state) => nextUserState(state, line));
  }

  /** Brings the connection to a state, by exchanges that must succeed; `skipDirectory`, to all of it but the directory. */
  async apply(
    request: (line: Command) => Promise<FinalReply>,
    state: UserState = this.wanted.current,
    skipDirectory = false,
  ): Promise<void> {
    if (this.applied === state) return;
    const target = skipDirectory ? { ...state, directory: this.applied.directory } : state;
    for (const line of commandsToReach(target, this.applied)) {
      const { reply, outcome } = await request(line);
      if (outcome === 'refusal') throw outOfReach(line, reply);
    }
    this.applied = target;
  }
}

/**
 * Answers ABOR, and STAT without a path, during a transfer. These commands do not wait for its end, and neither does a fault or a handler
 * of theirs.
 *
 * If a test refuses or answers an ABOR itself, the answer comes at once, and the transfer goes on.
 */
import type { CommandLine } from './command-line.js';
import type { Break } from './faults.js';
import type { SessionServer } from './session-server.js';
import type { SessionState } from './session-state.js';
import { delay } from './socket-events.js';
import type { Transfer } from './transfer.js';

/** The part of a session that these commands change. */
export interface TransferringSession {
  readonly gone: AbortSignal;
  readonly state: SessionState;
  readonly transfer: Transfer | undefined;
  /** Lets a fault hit the next reply. */
  breakReply(how: Break): void;
  reply(...lines: readonly string[]): Promise<void>;
  /** Sends lines of the test's own, which may end the session. */
  replyAsTold(lines: readonly string[]): Promise<void>;
}

/** The rest for the turn of this command among the others. */
export interface EarlyCommand {
  /** It has its reply, or its session is over. */
  readonly isAnswered: boolean;
  /** The fault of its reply. */
  readonly break?: Break | undefined;
}

const ANSWERED: EarlyCommand = { isAnswered: true };

/** Every ABOR or STAT that has come during a transfer, until its turn among the commands. */
export class EarlyCommands<Session extends TransferringSession> {
  readonly #session: Session;
  readonly #server: SessionServer<Session>;
  readonly #begun = new WeakMap<CommandLine, Promise<EarlyCommand>>();

  constructor(session: Session, server: SessionServer<Session>) {
    this.#session = session;
    this.#server = server;
  }

  /** Does it now, if it is not under way. `failed` answers for the error of a handler. */
  begin(command: CommandLine, failed: (error: unknown) => Promise<void>): void {
    if (this.#begun.has(command)) return;
    const done = doEarly(this.#session, this.#server, command).catch(async (error: unknown) => {
      await failed(error);
      return ANSWERED;
    });
    this.#begun.set(command, done);
  }

  /** The rest of it; undefined for a command that has not begun. */
  of(command: CommandLine): Promise<EarlyCommand> | undefined {
    return this.#begun.get(command);
  }
}

/** Ends the transfer that runs, or tells of it, unless the test wants something else. Rejects with the error of a handler. */
async function doEarly<Session extends TransferringSession>(
  session: Session,
  server: SessionServer<Session>,
  command: CommandLine,
): Promise<EarlyCommand> {
  const { transfer } = session;
  const fault = server.takeFault(command.verb);
  if (fault?.delayMs !== undefined) await delay(fault.delayMs, session.gone);
  if (session.gone.aborted) return ANSWERED;
  if (fault?.refusal !== undefined) {
    await session.replyAsTold([fault.refusal]);
    return ANSWERED;
  }
  if (fault?.break !== undefined && command.verb === 'STAT') session.breakReply(fault.break);
  const answer = await server.scripted(session, command);
  if (answer !== undefined) {
    if (answer.length > 0) await session.replyAsTold(answer);
    return ANSWERED;
  }
  if (command.verb === 'STAT') {
    await session.reply('211 A transfer is under way.');
    return ANSWERED;
  }
  // The transfer may have ended during the delay or the handler.
  if (transfer !== undefined && session.transfer === transfer) {
    session.state.aborted = true;
    transfer.cancel();
  }
  return { isAnswered: false, break: fault?.break };
}

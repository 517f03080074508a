/**
 * ABOR during a transfer. It does not wait for the transfer that it ends, and neither does a fault or a handler of it.
 *
 * An ABOR that is refused or answered in another way is answered at once, and the transfer goes on.
 */
import type { CommandLine } from './command-line.js';
import type { Break } from './faults.js';
import type { SessionHost } from './session-host.js';
import type { SessionState } from './session-state.js';
import { delay } from './socket-events.js';
import type { Transfer } from './transfer.js';

/** The part of a session that an ABOR changes. */
export interface AbortedSession {
  readonly gone: AbortSignal;
  readonly state: SessionState;
  readonly transfer: Transfer | undefined;
  reply(...lines: readonly string[]): Promise<void>;
  refuse(reply: string): Promise<void>;
}

/** What is left for the turn of this ABOR among the commands. */
export interface EarlyAbort {
  /** It has its reply, or its session is over. */
  readonly isAnswered: boolean;
  /** The fault of its reply. */
  readonly break?: Break | undefined;
}

const ANSWERED: EarlyAbort = { isAnswered: true };

/** Each ABOR that has come during a transfer, until its turn among the commands. */
export class EarlyAborts<Session extends AbortedSession> {
  readonly #session: Session;
  readonly #host: SessionHost<Session>;
  readonly #begun = new WeakMap<CommandLine, Promise<EarlyAbort>>();

  constructor(session: Session, host: SessionHost<Session>) {
    this.#session = session;
    this.#host = host;
  }

  /** Does it now, if it is not under way. `failed` answers for the error of a handler. */
  begin(command: CommandLine, failed: (error: unknown) => Promise<void>): void {
    if (this.#begun.has(command)) return;
    const abort = abortEarly(this.#session, this.#host, command).catch(async (error: unknown) => {
      await failed(error);
      return ANSWERED;
    });
    this.#begun.set(command, abort);
  }

  /** What is left of it; undefined for a command that has not begun. */
  of(command: CommandLine): Promise<EarlyAbort> | undefined {
    return this.#begun.get(command);
  }
}

/** Ends the transfer that runs, unless the test wants something else. Rejects with the error of a handler. */
async function abortEarly<Session extends AbortedSession>(
  session: Session,
  host: SessionHost<Session>,
  command: CommandLine,
): Promise<EarlyAbort> {
  const { transfer } = session;
  const fault = host.takeFault(command.verb);
  if (fault?.delayMs !== undefined) await delay(fault.delayMs, session.gone);
  if (session.gone.aborted) return ANSWERED;
  if (fault?.refusal !== undefined) {
    await session.refuse(fault.refusal);
    return ANSWERED;
  }
  const answer = await host.scripted(session, command);
  if (answer !== undefined) {
    if (answer.length > 0) await session.reply(...answer);
    return ANSWERED;
  }
  // The transfer may have ended during the delay or the handler.
  if (transfer !== undefined && session.transfer === transfer) {
    session.state.aborted = true;
    transfer.cancel();
  }
  return { isAnswered: false, break: fault?.break };
}

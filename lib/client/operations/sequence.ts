/** `sequence$` runs a user's own commands under one lease, with nothing in between. */
import { from, Observable, type ObservableInput } from 'rxjs';
import { accepted } from '../../control/request.js';
import type { Session } from '../../control/session.js';
import { changesUserState } from '../../control/user-state.js';
import { protectionOf } from '../../data/open-data.js';
import { takeBackRestart } from '../../data/prepare-transfer.js';
import { runThirdParty } from '../../data/third-party.js';
import { FtpConnectionError, FtpError, FtpUsageError } from '../../errors.js';
import { type Cancellation, Canceller } from '../../net/cancellation.js';
import type { Command } from '../../protocol/command.js';
import type { Features } from '../../protocol/features.js';
import type { Reply } from '../../protocol/reply.js';
import type { CommandSequence } from '../command-sequence.js';
import { checkedLine, type OperationContext, task$ } from './operation.js';
import { plainCommand } from './raw.js';
import { isTransferVerb } from './raw-transfer.js';

/** Runs `work` with one session to itself. */
export function sequence$<T>(
  context: OperationContext,
  work: (commands: CommandSequence) => ObservableInput<T>,
): Observable<T> {
  return task$<T>(context, () => {
    if (typeof work !== 'function') throw new FtpUsageError('sequence$ takes a function, which is given its commands.');
    let hasStarted = false;
    return {
      kind: 'exclusive',
      name: 'a sequence',
      // Only the work itself knows its effects.
      mustNotRepeat: () => hasStarted,
      async work(session, emit, signal) {
        const { settled } = session;
        if (settled !== undefined) await settled;
        if (session.server.restartPending !== false) await takeBackRestart(session);
        // A port that was asked for early does not outlive another.
        session.earlyPort = undefined;
        const sequence = new Sequence(context, session);
        hasStarted = true;
        try {
          if (!signal.aborted) await completed(() => work(sequence), emit, signal);
        } finally {
          await sequence.end(signal);
        }
      },
    };
  });
}

/** Resolves when the Observable of `make` has completed, or was unsubscribed since `signal` aborted. */
function completed<T>(make: () => ObservableInput<T>, emit: (value: T) => void, signal: Cancellation): Promise<void> {
  return new Promise((resolve, reject) => {
    const subscription = from(make()).subscribe({ next: emit, error: reject, complete: resolve });
    const leave = (): void => {
      subscription.unsubscribe();
      resolve();
    };
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave);
    subscription.add(() => signal.removeEventListener('abort', leave));
  });
}

class Sequence implements CommandSequence {
  readonly #context: OperationContext;
  readonly #session: Session;
  /** The running commands: the lease ends when all of them are answered. */
  readonly #pending = new Set<Promise<unknown>>();
  readonly #last = new Set<{ readonly command: Command }>();
  #isOver = false;

  constructor(context: OperationContext, session: Session) {
    this.#context = context;
    this.#session = session;
  }

  get features(): Features {
    return this.#session.features;
  }

  get peer(): string {
    return this.#session.peer ?? this.#session.settings.host;
  }

  get trustPasvHost(): boolean {
    return this.#session.settings.trustPasvHost;
  }

  get protection(): 'C' | 'P' {
    return protectionOf(this.#session) === undefined ? 'C' : 'P';
  }

  get mode(): string {
    return this.#session.server.mode;
  }

  send$(line: string): Observable<Reply> {
    return this.#asked$(async (emit) => {
      const { reply } = await this.#session.request(this.#sendable(line));
      emit(reply);
    });
  }

  transferElsewhere$(line: string): Observable<Reply> {
    return this.#asked$(async (emit, signal) => {
      const command = checkedLine(this.#context, line);
      if (!isTransferVerb(command.verb)) {
        throw new FtpUsageError(`${command.verb} transfers nothing: use send$.`, { command: command.verb });
      }
      const onBegun = (preliminary: Reply | undefined): void => {
        if (preliminary !== undefined) emit(preliminary);
      };
      const final = await runThirdParty(this.#session, command, onBegun, signal);
      if (final !== undefined) emit(final);
    });
  }

  atEnd(line: string): () => void {
    this.#requireUse();
    const last = { command: this.#sendable(line) };
    this.#last.add(last);
    return () => this.#last.delete(last);
  }

  /** Waits until all is answered, and sends the last lines. */
  async end(signal: Cancellation): Promise<void> {
    this.#isOver = true;
    await Promise.allSettled([...this.#pending]);
    // An unsubscribed transfer has limited the time of this lease. The lease goes on if its own user is still subscribed.
    if (!signal.aborted) this.#session.endAbort();
    for (const { command } of [...this.#last].reverse()) await this.#takeBack(command);
  }

  /** If something cannot be undone, its session ends. */
  async #takeBack(line: Command): Promise<void> {
    const { channel } = this.#session;
    if (channel.cause !== undefined) return;
    try {
      accepted(await this.#session.request(line), line.masked);
    } catch (error) {
      const cause = error instanceof FtpError ? error : undefined;
      channel.close(
        new FtpConnectionError(`${line.masked} was refused at the end of a sequence; the session was given up.`, {
          ...{ channel: 'control', phase: 'command', command: line.masked, reply: cause?.reply, cause: error },
        }),
      );
    }
  }

  #sendable(line: string): Command {
    const command = plainCommand(this.#context, line);
    const { verb } = command;
    if (changesUserState(command) && verb !== 'TYPE' && verb !== 'MODE') {
      throw new FtpUsageError(`${verb} in a sequence would count for later operations too: send it before.`, {
        command: verb,
      });
    }
    return command;
  }

  #asked$<T>(run: (emit: (value: T) => void, signal: Cancellation) => Promise<void>): Observable<T> {
    return new Observable((subscriber) => {
      this.#requireUse();
      const left = new Canceller();
      const pending = run((value) => subscriber.next(value), left).then(
        () => subscriber.complete(),
        (error: unknown) => subscriber.error(error),
      );
      this.#pending.add(pending);
      void pending.finally(() => this.#pending.delete(pending));
      return () => left.abort();
    });
  }

  #requireUse(): void {
    if (this.#isOver) throw new FtpUsageError('This sequence is over: its session does other work now.');
  }
}

/**
 * Runs a storm over one session, or a client with several, and records the lost control connections.
 *
 * A session that had to be given up is entered with its cause and the end of its dialogue, and replaced, so that the storm
 * goes on and the loss is seen.
 */
import { lastValueFrom, type Subscription } from 'rxjs';
import { connect$ } from '../../../lib/client/connect.js';
import { FtpClient } from '../../../lib/client/ftp-client.js';
import type { FtpOperations } from '../../../lib/client/ftp-operations.js';
import type { FtpSession } from '../../../lib/client/ftp-session.js';
import type { FtpOptions } from '../../../lib/client/options.js';
import { type Connector, connectSocket } from '../../../lib/net/connector.js';
import { type Destination, type Route, routeOf, withRoute } from '../../../lib/net/route.js';

export interface StormHost {
  /** The target to strike at; connects first if the last session was lost. */
  operations(): Promise<FtpOperations>;
  /** Each control connection that was given up, in words. */
  readonly lost: readonly string[];
  /** The last lines of the dialogue. */
  dialogue(): string;
  close(): Promise<void>;
}

/** The last lines that went over the control connection, with the milliseconds since the one before. */
class Journal {
  readonly #lines: string[] = [];
  #at = performance.now();

  follow(ftp: FtpOperations): void {
    ftp.command$.subscribe((line) => this.#note(`> ${line}`));
    ftp.reply$.subscribe(({ code, text }) => this.#note(`< ${code} ${text.slice(0, 120)}`));
  }

  tail(): string {
    return this.#lines.join('\n');
  }

  #note(line: string): void {
    const now = performance.now();
    this.#lines.push(`${(now - this.#at).toFixed(1).padStart(8)} ${line}`);
    this.#at = now;
    if (this.#lines.length > 24) this.#lines.shift();
  }
}

export class SessionHost implements StormHost {
  readonly lost: string[] = [];
  readonly #options: FtpOptions;
  #journal = new Journal();
  #session: FtpSession | undefined;
  #subscription: Subscription | undefined;

  constructor(options: FtpOptions) {
    this.#options = options;
  }

  async operations(): Promise<FtpOperations> {
    this.#session ??= await this.#connect();
    return this.#session;
  }

  dialogue(): string {
    return this.#journal.tail();
  }

  async close(): Promise<void> {
    const closed = this.#session && lastValueFrom(this.#session.state$);
    this.#session = undefined;
    this.#subscription?.unsubscribe();
    await closed;
  }

  #connect(): Promise<FtpSession> {
    this.#journal = new Journal();
    return new Promise((resolve, reject) => {
      this.#subscription = connect$(this.#options).subscribe({
        next: (session) => {
          this.#journal.follow(session);
          resolve(session);
        },
        error: (cause: Error) => {
          if (this.#session === undefined) reject(cause);
          else this.lost.push(`${cause.name}: ${cause.message}\n${this.dialogue()}`);
          this.#session = undefined;
        },
      });
    });
  }
}

export class ClientHost implements StormHost {
  readonly #client: FtpClient;
  readonly #journal = new Journal();
  readonly #maxSessions: number;
  #opened = 0;
  #ready: Promise<unknown> | undefined;

  constructor(options: FtpOptions) {
    this.#maxSessions = options.maxSessions ?? 1;
    const connector = options.connector ?? connectSocket;
    const counting: Connector = (endpoint, signal) => {
      if (endpoint.channel === 'control') this.#opened += 1;
      return connector(endpoint, signal);
    };
    const choose = (to: Destination): Route => ({ ...routeOf(connector, to), connector: counting });
    this.#client = new FtpClient({ ...options, connector: withRoute(counting, choose) });
    this.#journal.follow(this.#client);
  }

  /** A client replaces what it has lost, so every connection beyond its sessions stands for one. */
  get lost(): readonly string[] {
    const missing = Math.max(0, this.#opened - this.#maxSessions);
    return Array.from({ length: missing }, () => `replaced by the client\n${this.dialogue()}`);
  }

  /** Connects first: a connection whose opening no work awaits any more is no loss. */
  async operations(): Promise<FtpOperations> {
    this.#ready ??= lastValueFrom(this.#client.noop$());
    await this.#ready;
    return this.#client;
  }

  dialogue(): string {
    return this.#journal.tail();
  }

  close(): Promise<void> {
    return this.#client[Symbol.asyncDispose]();
  }
}

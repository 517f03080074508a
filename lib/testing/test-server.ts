/** Defines a test server as a test sees it. */
import type { FtpOptions } from '../client/options.js';
import type { TestFault } from './faults.js';
import type { TestFiles } from './test-files.js';

/** A command as a handler of `on` gets it. */
export interface TestCommand {
  /** In upper case. */
  readonly verb: string;
  /** All behind the first space, as it came: of PASS the password itself. */
  readonly argument: string;
  /** The number of the session, from 1. */
  readonly session: number;
}

/**
 * Answers a command by one line, or several, each with its code, such as `'250 Done.'`. An empty array means no reply at all, and undefined
 * the usual answer.
 */
export type TestHandler = (
  command: TestCommand,
) => string | readonly string[] | undefined | Promise<string | readonly string[] | undefined>;

/** A running test server, as `testServer` resolves with it. `await using` ends it. */
export interface TestServer extends AsyncDisposable {
  /** Its address with user and password: `ftp:`, or with `secure` `ftpes:` or `ftps:`. The certificate is in `options` only. */
  readonly url: string;
  /** For `new FtpClient(server.options)` or `connect$`: host, port, user, password, and the certificate's fingerprint. */
  readonly options: FtpOptions;
  /** The files that it serves, uploads included. */
  readonly files: TestFiles;
  /** Each command that has come, of all sessions, in order: `RETR a.csv`. Secrets are masked: `PASS ***`. */
  readonly commands: readonly string[];
  /**
   * Answers a verb in another way from now on, also one that this server does not know. A later handler for the same verb takes
   * its place. A reply of 2yz to USER, PASS or ACCT logs in; another one to USER or PASS logs out. A reply of 221 or 421 to any
   * command ends the session. An error of the handler is answered by 451, and is the error of the server's disposal. Returns how to
   * take the handler away. Throws an FtpUsageError for a text that is no verb.
   */
  on(verb: string, handler: TestHandler): () => void;
  /**
   * Lets the next command with this verb fail, and only that. Called twice, the next two. It comes before a handler of `on`. Throws
   * an FtpUsageError for a verb that the server does not know, and for a fault that does not exist.
   */
  fail(verb: string, how: TestFault): void;
  /**
   * Closes the listener and all connections; resolves when they are closed. Rejects after that with the first error of a handler,
   * or of a file's `read`.
   */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Defines the context of a subcommand's work. */

import type { Observable } from 'rxjs';
import type { FtpClient, FtpOptions } from '../../index.js';
import type { Output } from '../screen/output.js';

/** The value of an option: a text, several, a flag, or not there. */
export type OptionValue = string | readonly string[] | boolean | undefined;
export type Options = Readonly<Record<string, OptionValue>>;

/** A place on a server. */
export interface Place {
  readonly ftp: FtpClient;
  /** Relative to where the login leads, unless it begins with a slash; empty for that directory itself. */
  readonly path: string;
}

export interface Context {
  /** The arguments behind the subcommand's name. */
  readonly args: readonly string[];
  readonly options: Options;
  readonly output: Output;
  /** Connects to nothing yet: emits one value, and completes. URLs of one login share a client. */
  place$(url: string): Observable<Place>;
  /** The work that must end before the sessions close. */
  beforeClose(work: Promise<unknown>): void;
  /** The options for a subcommand's own clients, and the path. */
  login$(url: string): Observable<Login>;
}

/** The login for the server of a URL. */
export interface Login {
  readonly options: FtpOptions;
  readonly path: string;
}

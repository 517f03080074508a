/** Defines a subcommand: a description, which help and completion read, and its work, which the chosen subcommand alone loads. */
import type { Observable } from 'rxjs';
import type { Context } from './session/context.js';

/** The work of a subcommand. It completes when all is done, and errors with the failure; unsubscribing cancels it. */
export type Run = (context: Context) => Observable<unknown>;

export interface CommandOption {
  /** As commander reads it: `-n, --lines <count>`. */
  readonly flags: string;
  readonly about: string;
  readonly choices?: readonly string[];
  /** It may be given several times. */
  readonly repeats?: boolean;
}

export interface CommandExample {
  readonly line: string;
  readonly about: string;
}

export interface CommandDescription {
  readonly name: string;
  /** As commander reads them: `<url...>`. */
  readonly arguments: string;
  readonly about: string;
  /** Further facts that a user must know. */
  readonly more?: string;
  readonly options?: readonly CommandOption[];
  readonly examples: readonly [CommandExample, CommandExample];
  readonly load: () => Promise<{ readonly run: Run }>;
}

/** Defines an error of the command line itself, with its exit status. */
import { EXIT, type ExitStatus } from './exit.js';

export class CommandError extends Error {
  readonly status: ExitStatus;

  constructor(message: string, status: ExitStatus) {
    super(message);
    this.name = 'CommandError';
    this.status = status;
  }
}

/** The arguments are wrong: nothing was sent. */
export function wrongUsage(message: string): CommandError {
  return new CommandError(message, EXIT.usage);
}

/** Nothing has that path at the server. */
export function notFound(path: string): CommandError {
  return new CommandError(`${path}: there is no such file or directory at the server.`, EXIT.refused);
}

/** The user has pressed Ctrl-C. */
export function interrupted(): CommandError {
  return new CommandError('Interrupted.', EXIT.interrupted);
}

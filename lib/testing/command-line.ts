/** Parses a command line of the client. */
import { commandFromLine } from '../protocol/command.js';
import { printable } from '../protocol/printable.js';

export interface CommandLine {
  /** In upper case. */
  readonly verb: string;
  /** All behind the first space. */
  readonly argument: string;
  /** The line as it may be shown: the verb in upper case, secrets masked. */
  readonly shown: string;
}

const MAX_SHOWN = 500;

export function readCommand(line: string): CommandLine {
  const space = line.indexOf(' ');
  const verb = (space === -1 ? line : line.slice(0, space)).toUpperCase();
  return { verb, argument: space === -1 ? '' : line.slice(space + 1), shown: shown(verb, line) };
}

/** A line that is no command, such as bytes of TLS, is shown as far as it can be; a possible secret is not. */
function shown(verb: string, line: string): string {
  const [, secret] = /^\s*(PASS|ACCT)\b/i.exec(line) ?? [];
  if (secret !== undefined) return line.trim().length === secret.length ? verb : `${secret.toUpperCase()} ***`;
  if (!/^[A-Z][A-Z0-9]*$/.test(verb) || /[\r\0]/.test(line)) return printable(line, MAX_SHOWN);
  return commandFromLine(verb + line.slice(verb.length)).masked;
}

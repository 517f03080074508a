/** The command line of `npm start`. */
import { parseArgs } from 'node:util';

export const HELP = `npm start                            show the toolkit at work on a server inside this process
npm start -- ftp://user@host/dir/    show its reading part on a server of yours; nothing is written there
                                     ftpes: is explicit TLS, ftps: implicit TLS
npm start -- --wire                  show every command and reply
npm start -- --help                  this

The password is taken from the URL, else from ~/.netrc (or the file that NETRC names), else asked for. Other users of
this machine can read a URL on the command line, so the other two are better. It is never shown.
Plain ftp: lets every machine on the path read it.
`;

export interface Arguments {
  readonly help: boolean;
  readonly wire: boolean;
  readonly url: string | undefined;
}

/** Throws Node's own TypeError, with a message for people, when they make no sense. */
export function readArguments(given: readonly string[]): Arguments {
  const { values, positionals } = parseArgs({
    args: [...given],
    options: { help: { type: 'boolean', short: 'h' }, wire: { type: 'boolean' } },
    allowPositionals: true,
  });
  if (positionals.length > 1) throw new TypeError('Only one URL can be visited at a time.');
  return { help: values.help ?? false, wire: values.wire ?? false, url: positionals[0] };
}

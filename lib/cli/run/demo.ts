/** `rxftp demo` runs a server in this process with a small tree, for the first steps. It ends with Ctrl-C. */
import { concatMap, defer, finalize, NEVER, type Observable } from 'rxjs';
import { testServer } from '../../testing/index.js';
import { wrongUsage } from '../session/command-error.js';
import type { Context, OptionValue } from '../session/context.js';

const FILES: Readonly<Record<string, string>> = {
  '/readme.txt': 'Welcome. Everything here is in memory, and ends with the server.\n',
  '/pub/songs.csv': 'title,seconds\nFirst,181\nSecond,240\nThird,199\n',
  '/pub/notes/today.txt': 'Nothing yet.\n',
  '/pub/big.bin': '0123456789abcdef'.repeat(512 * 1024),
  '/in/': '',
};

export function run({ options, output }: Context): Observable<unknown> {
  const port = portOf(options.port);
  return defer(() => testServer({ files: FILES, user: 'demo', password: 'demo', greeting: 'rxftp demo', port })).pipe(
    concatMap((server) => {
      output.result({ url: server.url }, server.url);
      output.note(steps(server.url));
      return NEVER.pipe(finalize(() => void server[Symbol.asyncDispose]()));
    }),
  );
}

function portOf(value: OptionValue): number {
  if (value === undefined) return 0;
  const port = Number(value);
  if (typeof value === 'string' && /^\d+$/.test(value) && port <= 65_535) return port;
  throw wrongUsage('The option --port takes a number from 0 (any that is free) to 65535.');
}

function steps(url: string): string {
  return [
    '',
    'A server for the first steps. In another terminal:',
    `  rxftp ls ${url}pub`,
    `  rxftp head ${url}pub/songs.csv -n 2`,
    `  rxftp get ${url}pub/big.bin`,
    `  rxftp put big.bin ${url}in/`,
    'Ctrl-C ends it.',
  ].join('\n');
}

/** Reads the options of the command line. */
import { parseArgs } from 'node:util';
import { serverNames } from '../spec/support/real-servers/installed.js';
import type { ServerName } from '../spec/support/real-servers/real-server.js';

export interface BenchOptions {
  /** Names of scenarios; empty for all. */
  readonly names: readonly string[];
  readonly rounds: number;
  readonly quick: boolean;
  readonly write: boolean;
  readonly keep: boolean;
  /** Instead of each scenario's own. */
  readonly servers: readonly ServerName[] | undefined;
  readonly help: boolean;
}

export const usage = `npm run bench -- [NAME...] [--rounds N] [--quick] [--servers A,B] [--write] [--keep] [--help]

NAME      what to measure; all if none is named
--rounds  how often each contender runs (default 5)
--quick   smaller files: to see that all works, not to quote
--servers vsftpd, proftpd, pure-ftpd, pyftpdlib or inetutils, for all scenarios
--write   keep the report in bench/RESULTS.md, above its analysis
--keep    leave the compiled programs behind, for a profiler`;

/** Throws for what it does not understand, and for names that are not among `names`. */
export function parseOptions(args: readonly string[], names: readonly string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '5' },
      quick: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      servers: { type: 'string' },
    },
  });
  const { rounds, servers, ...flags } = values;
  const count = Number(rounds);
  if (!(Number.isSafeInteger(count) && count > 0)) throw new Error(`--rounds ${rounds}: not a number of rounds`);
  const unknown = positionals.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new Error(`unknown: ${unknown.join(', ')}. There are: ${names.join(', ')}`);
  return { names: positionals, rounds: count, ...flags, servers: servers?.split(',').map(serverNamed) };
}

function serverNamed(name: string): ServerName {
  const known = serverNames.find((server) => server === name);
  if (known === undefined) throw new Error(`--servers ${name}: there are ${serverNames.join(', ')}`);
  return known;
}

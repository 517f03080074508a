/** Python's own client, whose abilities this library set out to have. */
import { runCommand } from '../lab/run-command.js';
import { inCheckout } from '../lab/workshop.js';
import { ownTasks, type Peer } from './peer.js';

/** It has no session reuse, which servers ask for under TLS, and one connection each. */
export function ftplib(python: string): Peer {
  return {
    name: 'ftplib',
    describe: async () => `ftplib of ${(await runCommand(python, '--version')).trim()}`,
    variants(name, { ca, sessions }) {
      if (ca !== undefined || sessions > 1 || name === 'import' || ownTasks.has(name) || name.startsWith('parse-'))
        return [];
      const script = inCheckout('bench/programs/python-ftplib.py');
      return [{ label: 'ftplib', command: (task) => [python, script, name, JSON.stringify(task)] }];
    },
  };
}

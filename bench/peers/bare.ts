/**
 * Nothing but Node's sockets, with rxjs imported: what no client of Node's can be faster than. It is no client to use.
 */
import type { Workshop } from '../lab/workshop.js';
import type { Peer } from './peer.js';

export function bare(workshop: Workshop): Peer {
  const script = workshop.script('bench/programs/bare/small-files.ts');
  return {
    name: 'bare sockets',
    describe: async () => 'bare sockets (bench/programs/bare)',
    variants: (name) =>
      name === 'small-files'
        ? [{ label: 'bare sockets', command: (task) => [process.execPath, script, JSON.stringify(task)] }]
        : [],
  };
}

/**
 * Uses only Node's sockets, with rxjs imported: no client in Node can be faster. It is no client to use.
 */
import type { Workshop } from '../lab/workshop.js';
import type { Peer, TaskName } from './peer.js';

const tasks: readonly TaskName[] = ['small-files', 'tree-down', 'tree-up'];

export function bare(workshop: Workshop): Peer {
  return {
    name: 'bare sockets',
    describe: async () => 'bare sockets (bench/programs/bare)',
    variants: (name) => {
      if (!tasks.includes(name)) return [];
      const script = workshop.script(`bench/programs/bare/${name}.ts`);
      return [{ label: 'bare sockets', command: (task) => [process.execPath, script, JSON.stringify(task)] }];
    },
  };
}

/** basic-ftp, the most used FTP client of npm: the one that ratios are about. */
import { packageVersion } from '../lab/machine.js';
import { inCheckout, type Workshop } from '../lab/workshop.js';
import { ownTasks, type Peer, type TaskName } from './peer.js';

/** It has one parser for all listings. */
const programOf = (name: TaskName): string => (name.startsWith('parse-') ? 'parse-listing' : name);

export function basicFtp(workshop: Workshop): Peer {
  return {
    name: 'basic-ftp',
    describe: async () => `basic-ftp ${packageVersion(inCheckout('node_modules/basic-ftp/package.json'))}`,
    variants(name) {
      if (ownTasks.has(name)) return [];
      const script = workshop.script(`bench/programs/basic-ftp/${programOf(name)}.ts`);
      return [{ label: 'basic-ftp', command: (task) => [process.execPath, script, JSON.stringify(task)] }];
    },
  };
}

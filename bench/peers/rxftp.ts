/** This library, compiled. */
import type { Workshop } from '../lab/workshop.js';
import type { Peer, TaskName, Variant } from './peer.js';

/** The ways to do a task: what follows the name in the table, and the program. */
const programs: Readonly<Record<TaskName, readonly (readonly [string, string])[]>> = {
  'download-null': [
    ['', 'download-null'],
    [' borrowed', 'download-borrowed'],
  ],
  'download-file': [
    [' .pipe', 'download-file'],
    [' download$', 'download-recipe'],
  ],
  upload: [
    ['', 'upload'],
    [' upload$', 'upload-recipe'],
  ],
  'small-files': [
    ['', 'small-files'],
    [' writeFileSync', 'small-files-sync'],
  ],
  'first-byte': [
    ['', 'first-byte'],
    [' pipelineLogin', 'first-byte-pipelined'],
  ],
  metadata: [['', 'metadata']],
  'metadata-mixed': [['', 'metadata-mixed']],
  list: [['', 'list']],
  import: [['', 'import']],
  'parse-mlsd': [
    ['', 'parse-mlsd'],
    [', names only', 'parse-mlsd-names'],
  ],
  'parse-list': [['', 'parse-list']],
};

export function rxftp(workshop: Workshop): Peer {
  return {
    name: 'rxftp',
    describe: async () => 'rxftp (this checkout)',
    variants: (name) => programs[name].map(([suffix, program]) => variantOf(workshop, suffix, program)),
  };
}

function variantOf(workshop: Workshop, suffix: string, program: string): Variant {
  const script = workshop.script(`bench/programs/rxftp/${program}.ts`);
  return { label: `rxftp${suffix}`, command: (task) => [process.execPath, script, JSON.stringify(task)] };
}

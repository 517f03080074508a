/** This library, compiled. */
import type { Workshop } from '../lab/workshop.js';
import type { Peer, TaskName, Variant } from './peer.js';

/** The ways to do a task: what follows the name in the table, the program, and the options that it is given. */
const programs: Readonly<Record<TaskName, readonly (readonly [string, string, object?])[]>> = {
  'download-null': [
    ['', 'download-null'],
    [' borrowed', 'download-borrowed'],
  ],
  'download-file': [
    [' .pipe', 'download-file'],
    [' download$', 'download-recipe'],
  ],
  'download-options': [
    [' download$', 'download-recipe'],
    [' download$ fsync', 'download-recipe', { fsync: true }],
    [' download$ resume', 'download-recipe', { exists: 'resume', keepTime: true }],
    [' download$ 4 segments', 'download-recipe', { segments: 4 }],
    [' download$ 4 segments, resume', 'download-recipe', { segments: 4, exists: 'resume' }],
  ],
  'download-segments': [
    [' download$', 'download-recipe'],
    [' download$ 8 segments', 'download-recipe', { segments: 8 }],
  ],
  upload: [
    ['', 'upload'],
    [' upload$', 'upload-recipe'],
  ],
  'upload-options': [
    [' upload$', 'upload-recipe'],
    [' upload$ atomic', 'upload-recipe', { atomic: true, keepTime: true }],
    [' upload$ resume', 'upload-recipe', { exists: 'resume' }],
  ],
  'small-files': [
    ['', 'small-files'],
    [' writeFileSync', 'small-files-sync'],
    [' writeFileSync in one file', 'small-files-sync-in-one-file'],
  ],
  'tree-down': [[' mirror$', 'tree-down']],
  'tree-up': [
    [' mirror$', 'tree-up'],
    [' mirror$, in place', 'tree-up-in-place'],
  ],
  'first-byte': [
    ['', 'first-byte'],
    [' pipelineLogin', 'first-byte-pipelined'],
  ],
  metadata: [['', 'metadata']],
  'metadata-mixed': [['', 'metadata-mixed']],
  list: [
    ['', 'list'],
    [' in one file', 'list-in-one-file'],
  ],
  import: [
    ['', 'import'],
    [' in one file', 'import-in-one-file'],
  ],
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
    variants: (name) => programs[name].map((way) => variantOf(workshop, ...way)),
  };
}

function variantOf(workshop: Workshop, suffix: string, program: string, options: object = {}): Variant {
  const script = workshop.script(`bench/programs/rxftp/${program}.ts`);
  return {
    label: `rxftp${suffix}`,
    command: (task) => [process.execPath, script, JSON.stringify(task), JSON.stringify(options)],
  };
}

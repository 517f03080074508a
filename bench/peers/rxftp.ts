/** This library, compiled. */
import { existsSync } from 'node:fs';
import { inCheckout, type Workshop } from '../lab/workshop.js';
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
  'small-files': [['', 'small-files']],
  'first-byte': [
    ['', 'first-byte'],
    [' pipelineLogin', 'first-byte-pipelined'],
  ],
  metadata: [['', 'metadata']],
  list: [['', 'list']],
  import: [['', 'import']],
  'parse-mlsd': [['', 'parse-mlsd']],
  'parse-list': [['', 'parse-list']],
};

export function rxftp(workshop: Workshop): Peer {
  return {
    name: 'rxftp',
    describe: async () => 'rxftp (this checkout)',
    variants: (name) => programs[name].flatMap(([suffix, program]) => variantOf(workshop, suffix, program)),
  };
}

/** Programs are in the checkout as soon as the library has what they need. */
function variantOf(workshop: Workshop, suffix: string, program: string): readonly Variant[] {
  const source = `bench/programs/rxftp/${program}.ts`;
  if (!existsSync(inCheckout(source))) return [];
  const label = `rxftp${suffix}`;
  return [{ label, command: (task) => [process.execPath, workshop.script(source), JSON.stringify(task)] }];
}

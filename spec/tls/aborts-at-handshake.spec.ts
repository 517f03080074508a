/** Node 20 crashes when a data connection is broken off carelessly in the tick of its handshake; this library does not. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const run = promisify(execFile);
const program = fileURLToPath(new URL('support/aborts-at-handshake.ts', import.meta.url));
const aborts = 120;

it.each([
  ['TLSv1.2', 'Ready'],
  ['TLSv1.3', 'Ready'],
  ['TLSv1.2', '(vsFTPd 3.0.5)'],
  ['TLSv1.3', '(vsFTPd 3.0.5)'],
])(
  'a process lives through aborts at the moment of secureConnect (%s, %s)',
  async (version, welcome) => {
    const { stdout } = await run(process.execPath, ['--import', 'tsx', program, String(aborts), version, welcome], {
      timeout: 60_000,
    });
    expect(stdout.trim()).toBe(`${aborts} aborts, alive`);
  },
  60_000,
);

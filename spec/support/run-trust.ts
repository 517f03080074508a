/** `npm run trust`: runs the spec files that import `trust.ts`, with ten times the cases. Arguments go on to vitest. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');

const specs = readdirSync(join(root, 'spec'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.spec.ts'))
  .map((path) => join('spec', path))
  .filter((path) => /\/trust\.js'/.test(readFileSync(join(root, path), 'utf8')));

const { status } = spawnSync(
  process.execPath,
  [vitest, 'run', ...specs, '--coverage.enabled=false', '--disableConsoleIntercept', ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit', env: { ...process.env, RXFTP_TRUST: '1' } },
);
process.exitCode = status ?? 1;

/** Writes docs/cli.md from the help of the command: `npm run cli-docs`. */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { cliDocs } from './cli-help.js';

await writeFile(fileURLToPath(new URL('../../docs/cli.md', import.meta.url)), cliDocs());

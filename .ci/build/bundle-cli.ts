/**
 * Bundles the command into `dist/cli`: `tsx .ci/build/bundle-cli.ts [directory]`.
 *
 * Its libraries and rxjs are in it, so that the package needs nothing at run time. It is an entry of 50 KB, which has the
 * arguments and the help, and chunks that a subcommand loads. In one file Node would parse all of it for `--help`: that takes 1.6
 * times as long as `node -e 0`, and the entry alone 1.25 times.
 */
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { NOTICES, noticesOf } from './notices.js';

/** Libraries in CommonJS ask for Node's own modules by `require`. */
const REQUIRE =
  "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);";

const directory = join(process.argv[2] ?? 'dist', 'cli');
const { metafile } = await build({
  entryPoints: ['lib/cli/rxftp.ts'],
  outdir: directory,
  bundle: true,
  splitting: true,
  minify: true,
  keepNames: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // For Node rxjs names its CommonJS, of which nothing can be left out.
  alias: { rxjs: './node_modules/rxjs/dist/esm/index.js' },
  banner: { js: REQUIRE },
  metafile: true,
  logLevel: 'warning',
});
const HEADING = 'The command rxftp contains code of these libraries, under these licences.';
await writeFile(join(directory, NOTICES), await noticesOf(HEADING, Object.keys(metafile.inputs)));
await chmod(join(directory, 'rxftp.js'), 0o755);

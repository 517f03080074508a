/**
 * Bundles the library: `tsx .ci/build/bundle.ts [--outdir=directory] [more entries]`, into `dist` by default.
 *
 * Node takes about a millisecond for each file that it imports. So `rxftp` has three files behind its entry: the errors, the grammar, which
 * `rxftp/protocol` shares, and the client. By default a bundler cuts them into sixteen, by the entries that share each module.
 */
import { parseArgs } from 'node:util';
import { rolldown } from 'rolldown';

const { values, positionals } = parseArgs({
  options: { outdir: { type: 'string', default: 'dist' } },
  allowPositionals: true,
});
const ENTRIES = ['index', 'protocol/index', 'proxy/index', 'recipes/index', 'sinks/index', 'testing/index'];
const more = positionals.map((path) => path.replace(/^lib\/(.*)\.ts$/, '$1'));

const bundle = await rolldown({
  input: Object.fromEntries([...ENTRIES, ...more].map((name) => [name, `lib/${name}.ts`])),
  external: ['rxjs', 'socks'],
  platform: 'node',
  transform: { target: 'node20' },
  onLog(_level, log) {
    throw new Error(log.message);
  },
});
await bundle.write({
  dir: values.outdir,
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: '[name].js',
  codeSplitting: {
    groups: [
      { name: 'errors', test: /\/lib\/errors\.ts$/, priority: 2 },
      { name: 'protocol/grammar', test: /\/lib\/protocol\/index\.ts$/, priority: 1 },
      { name: 'client', test: /\/lib\/index\.ts$/ },
    ],
  },
  // The declarations have the comments. Bundlers read the annotations, and leave out what is not used.
  comments: { annotation: true, legal: true, jsdoc: false },
  sourcemap: true,
  sourcemapExcludeSources: true,
});

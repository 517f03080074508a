/**
 * Finishes the packages that are bundled into `dist`: their licences go beside them, and the source maps of their chunks go, since the
 * package does not have their sources. Run by `npm run build`, behind the bundler.
 */
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NOTICES, noticesOf } from './notices.js';

const dist = fileURLToPath(new URL('../../dist', import.meta.url));

/** The files of other packages that are in the chunk with this map. */
async function filesOfPackages(map: string): Promise<string[]> {
  const { sources } = JSON.parse(await readFile(join(dist, map), 'utf8')) as { readonly sources: readonly string[] };
  const files = sources.filter((source) => source.includes('node_modules/'));
  if (files.length > 0 && files.length < sources.length) {
    throw new Error(`${map} mixes this package with ${files[0]}: load that by import()`);
  }
  return files.map((source) => resolve(dist, dirname(map), source));
}

async function withoutMap(map: string): Promise<void> {
  const chunk = join(dist, map.slice(0, -'.map'.length));
  await writeFile(chunk, (await readFile(chunk, 'utf8')).replace(/^\/\/# sourceMappingURL=.*\n?/m, ''));
  await rm(join(dist, map));
}

const found: string[] = [];
for (const map of (await readdir(dist, { recursive: true })).filter((name) => name.endsWith('.js.map'))) {
  const files = await filesOfPackages(map);
  found.push(...files);
  if (files.length > 0) await withoutMap(map);
}
if (found.length === 0) throw new Error(`no package is bundled into dist: ${NOTICES} would be empty`);
const HEADING = 'Parts of these packages are bundled into the files of this directory.';
await writeFile(join(dist, NOTICES), await noticesOf(HEADING, found));

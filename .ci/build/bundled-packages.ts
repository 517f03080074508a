/**
 * What is left to do for the packages that are bundled into `dist`: their licences go beside them, and the source maps of their chunks
 * go, since the package does not have their sources. Run by `npm run build`, behind the bundler.
 */
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const dist = join(root, 'dist');
const LICENSES = 'THIRD-PARTY-LICENSES.txt';

/** Of a source in a map: the package that it belongs to. */
const PACKAGE = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\//;

/** The packages of which a part is in the chunk with this map. */
async function packagesIn(map: string): Promise<string[]> {
  const { sources } = JSON.parse(await readFile(join(dist, map), 'utf8')) as { readonly sources: readonly string[] };
  const named = sources.map((source) => PACKAGE.exec(source)?.[1]);
  const packages = named.filter((name) => name !== undefined);
  if (packages.length > 0 && packages.length < sources.length) {
    throw new Error(`${map} mixes this package with ${packages[0]}: load that by import()`);
  }
  return packages;
}

async function withoutMap(map: string): Promise<void> {
  const chunk = join(dist, map.slice(0, -'.map'.length));
  await writeFile(chunk, (await readFile(chunk, 'utf8')).replace(/^\/\/# sourceMappingURL=.*\n?/m, ''));
  await rm(join(dist, map));
}

async function licenseOf(name: string): Promise<string> {
  const directory = join(root, 'node_modules', name);
  const { version, license } = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8')) as {
    readonly version: string;
    readonly license: string;
  };
  const file = (await readdir(directory)).find((each) => /^licen[cs]e/i.test(each));
  if (file === undefined) throw new Error(`${name} has no file with its licence`);
  const text = await readFile(join(directory, file), 'utf8');
  return `${name} ${version} (${license})\n\n${text.trim()}\n`;
}

const found = new Set<string>();
for (const map of (await readdir(dist, { recursive: true })).filter((name) => name.endsWith('.js.map'))) {
  const packages = await packagesIn(map);
  for (const name of packages) found.add(name);
  if (packages.length > 0) await withoutMap(map);
}
if (found.size === 0) throw new Error(`no package is bundled into dist: ${LICENSES} would be empty`);
const licenses = await Promise.all([...found].toSorted().map(licenseOf));
const heading = 'Parts of these packages are bundled into the files of this directory.\n';
await writeFile(join(dist, LICENSES), [heading, ...licenses].join(`\n${'-'.repeat(80)}\n\n`));

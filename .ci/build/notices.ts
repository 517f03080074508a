/** The licences of the packages whose code is in a bundle: each asks for its text to go with every copy. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

/** The name of their file, beside the bundle. */
export const NOTICES = 'THIRD-PARTY-LICENSES.txt';

/** @param inputs the paths of the files in the bundle. */
export async function noticesOf(heading: string, inputs: readonly string[]): Promise<string> {
  const directories = [...new Set(inputs.flatMap((path) => packageDirectory(path) ?? []))].sort();
  const notices = await Promise.all(directories.map((directory) => noticeOf(directory)));
  return `${[heading, ...notices].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

/** `node_modules/a/node_modules/@b/c/d.js` is of `node_modules/a/node_modules/@b/c`. */
function packageDirectory(path: string): string | undefined {
  return /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1];
}

async function noticeOf(directory: string): Promise<string> {
  const { name, version, license } = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8')) as Manifest;
  const file = (await readdir(directory)).find((each) => /^licen[cs]e(?:[.-].*)?$/i.test(each));
  const text = file === undefined ? undefined : await readFile(join(directory, file), 'utf8');
  if (text === undefined && license === undefined) throw new Error(`${name} names no licence`);
  return `${name} ${version} (${license ?? 'see below'})\n\n${text?.trim() ?? `Licensed under ${license}.`}`;
}

/** How the target's file system folds names: found out by looking, since a plan writes nothing. */
import { lstat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { TreePlace } from '../tree/tree-place.js';
import type { FoldPath } from './target-tree.js';

/** Undefined where names that differ are those of different files. */
export async function foldOf(target: TreePlace, isDos: boolean): Promise<FoldPath | undefined> {
  if (target.side === 'remote') return isDos ? foldCase : undefined;
  const isCaseless = await hasNoCase(resolve(target.at('')));
  // macOS takes a composed letter and its parts for one name, as no other system does.
  const isNormalizing = process.platform === 'darwin';
  if (isCaseless) return isNormalizing ? (path) => foldCase(path.normalize('NFC')) : foldCase;
  return isNormalizing ? (path) => path.normalize('NFC') : undefined;
}

function foldCase(path: string): string {
  return path.toUpperCase().toLowerCase();
}

/** Whether the nearest directory with a letter in its name is also found by its name in the other case. */
async function hasNoCase(path: string): Promise<boolean> {
  for (let at = path; dirname(at) !== at; at = dirname(at)) {
    const name = basename(at);
    const other = swapCase(name);
    if (other === name) continue;
    const [found, same] = await Promise.all([identityOf(at), identityOf(join(dirname(at), other))]);
    if (found !== undefined) return found === same;
  }
  return process.platform === 'win32' || process.platform === 'darwin';
}

async function identityOf(path: string): Promise<string | undefined> {
  const found = await lstat(path, { bigint: true }).catch(() => undefined);
  return found === undefined ? undefined : `${found.dev}:${found.ino}`;
}

function swapCase(text: string): string {
  const lower = text.toLowerCase();
  return lower === text ? text.toUpperCase() : lower;
}

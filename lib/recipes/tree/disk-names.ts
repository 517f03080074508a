/**
 * Finds out which names a disk takes for one. It may ignore case (Windows, macOS), or compose characters (macOS). Two files of a server
 * that differ in that alone would overwrite each other.
 *
 * It looks up existing names in another spelling, and writes nothing.
 */
import { lstat, readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { isMissing } from './local-listing.js';

/** The names that a disk takes for the same. */
export interface NameFolding {
  readonly case: boolean;
  readonly normalization: boolean;
}

/** One name that is there, and whether other spellings of it lead to the same file; undefined: it has no other spelling. */
export interface SpellingSeen {
  readonly otherCase: boolean | undefined;
  readonly otherForm: boolean | undefined;
}

/** As each system has it where nothing was seen. Linux has disks of either kind, mostly exact ones. */
export function foldingOf(seen: readonly SpellingSeen[], platform: NodeJS.Platform): NameFolding {
  const otherCase = firstKnown(seen.map((each) => each.otherCase)) ?? (platform === 'darwin' || platform === 'win32');
  const otherForm = firstKnown(seen.map((each) => each.otherForm));
  // Linux folds both or none (ext4's casefold). Windows tells forms apart.
  const usual = platform === 'darwin' || (platform !== 'win32' && otherCase);
  return { case: otherCase, normalization: otherForm ?? usual };
}

function firstKnown(values: readonly (boolean | undefined)[]): boolean | undefined {
  return values.find((value) => value !== undefined);
}

/** Equal for names that such a disk takes for one. It may be equal for a few more: a disk has its own tables. */
export function nameKey(name: string, folding: NameFolding): string {
  const formed = folding.normalization ? name.normalize('NFC') : name;
  if (!folding.case) return formed;
  // By capital letters: both kinds of sigma are one then. By small ones before: the capital of "ẞ" is itself, and that of "ß" is "SS".
  const folded = formed.toLowerCase().toUpperCase().toLowerCase();
  return folding.normalization ? folded.normalize('NFC') : folded;
}

/** So many names are looked at. */
const MAX_NAMES = 100;

/** Looks at the names in `directory`, and else at its own. For a missing directory, the one above tells. */
export async function probeNames(
  directory: string,
  platform: NodeJS.Platform = process.platform,
): Promise<NameFolding> {
  const path = resolve(directory);
  const names = await readdir(path).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (names === undefined && dirname(path) !== path) return probeNames(dirname(path), platform);
  const paths = [...(names ?? []).slice(0, MAX_NAMES).map((name) => join(path, name)), path];
  const seen: SpellingSeen[] = [];
  for (const each of paths) {
    seen.push(await spellingOf(each));
    const { case: sawCase, form: sawForm } = known(seen);
    if (sawCase && sawForm) break;
  }
  return foldingOf(seen, platform);
}

function known(seen: readonly SpellingSeen[]): { readonly case: boolean; readonly form: boolean } {
  return {
    case: seen.some(({ otherCase }) => otherCase !== undefined),
    form: seen.some(({ otherForm }) => otherForm !== undefined),
  };
}

async function spellingOf(path: string): Promise<SpellingSeen> {
  const name = basename(path);
  const number = await fileNumber(path);
  const isSame = async (other: string): Promise<boolean | undefined> => {
    if (other === name || number === undefined) return undefined;
    return number === (await fileNumber(join(dirname(path), other)));
  };
  return { otherCase: await isSame(swappedCase(name)), otherForm: await isSame(otherForm(name)) };
}

function swappedCase(name: string): string {
  return name.replace(/[a-z]/gi, (letter) => {
    const small = letter.toLowerCase();
    return letter === small ? letter.toUpperCase() : small;
  });
}

function otherForm(name: string): string {
  const composed = name.normalize('NFC');
  return composed === name ? name.normalize('NFD') : composed;
}

/** Undefined if there is none. */
async function fileNumber(path: string): Promise<string | undefined> {
  try {
    const { dev, ino } = await lstat(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

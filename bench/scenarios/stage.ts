/**
 * Prepares the files of a task, and removes its results. Files in the servers' root and here are made once for all servers if a run changes
 * nothing in them, else for each run.
 *
 * After each run the stage checks that the work was done, and clears it away, so that no run is spared what the first one
 * had to do.
 */
import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TaskName } from '../peers/peer.js';
import { type MixedFile, mixedFile } from '../programs/mixed-work.js';
import { mustBe, smallNames } from '../programs/task.js';
import { writeListing, writeRandom } from './content.js';
import type { Size } from './scenario.js';

/** Paths of a task; the rest of it is the server's. */
export interface Stage {
  readonly remote: string;
  readonly local: string;
  /** How many bytes a run leaves in files. */
  readonly leaves: number;
  /** Checks what a run has left, and removes it. */
  strike(): Promise<void>;
}

export interface StageDirectories {
  /** What the servers show. */
  readonly root: string;
  /** Where clients work. */
  readonly here: string;
}

/** Makes what is not there, or not as it was before a run. */
export function setStage(task: TaskName, size: Size, where: StageDirectories): Promise<Stage> {
  return stages[task](size, where);
}

type Setter = (size: Size, where: StageDirectories) => Promise<Stage>;

const nothingLeft = { leaves: 0, strike: async (): Promise<void> => undefined } as const;

const bigFile = async ({ bytes }: Size, directory: string): Promise<string> => {
  const name = `big-${bytes}`;
  const path = join(directory, name);
  if (!existsSync(path)) await writeRandom(path, bytes);
  return name;
};

const smallDirectory = async ({ bytes, count }: Size, root: string): Promise<string> => {
  const name = `small-${count}-${bytes}`;
  const directory = join(root, name);
  if (existsSync(directory)) return name;
  await mkdir(directory);
  for (const file of smallNames(count)) await writeFile(join(directory, file), Buffer.alloc(bytes, file));
  return name;
};

const downloadNull: Setter = async (size, { root, here }) => ({
  remote: `/${await bigFile(size, root)}`,
  local: here,
  ...nothingLeft,
});

const downloadFile: Setter = async (size, { root, here }) => {
  const local = join(here, 'downloaded');
  return {
    remote: `/${await bigFile(size, root)}`,
    local,
    leaves: size.bytes,
    async strike() {
      const { size: bytes } = await stat(local);
      await rm(local);
      mustBe(size.bytes, bytes);
    },
  };
};

const upload: Setter = async (size, { root, here }) => ({
  remote: '/uploaded',
  local: join(here, await bigFile(size, here)),
  leaves: size.bytes,
  async strike() {
    const uploaded = join(root, 'uploaded');
    const { size: bytes } = await stat(uploaded);
    await rm(uploaded);
    mustBe(size.bytes, bytes);
  },
});

const smallFiles: Setter = async (size, { root, here }) => {
  const local = join(here, 'small');
  await mkdir(local, { recursive: true });
  return {
    remote: `/${await smallDirectory(size, root)}`,
    local,
    leaves: size.bytes * size.count,
    async strike() {
      const names = await readdir(local);
      const sizes = await Promise.all(names.map(async (name) => (await stat(join(local, name))).size));
      await rm(local, { recursive: true });
      await mkdir(local);
      mustBe(size.count, sizes.filter((bytes) => bytes === size.bytes).length);
    },
  };
};

const DIRECTORIES = 100;

/** The same small files, in directories. */
const treeIn = async ({ bytes, count, directories = DIRECTORIES }: Size, parent: string): Promise<string> => {
  const name = `tree-${count}-${bytes}-${directories}`;
  if (existsSync(join(parent, name))) return name;
  for (const [index, file] of smallNames(count).entries()) {
    const directory = join(parent, name, `d${index % directories}`);
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, file), Buffer.alloc(bytes, file));
  }
  return name;
};

/** Checks a tree that a run has left, and removes it. */
async function strikeTree({ bytes, count }: Size, directory: string): Promise<void> {
  const names = await readdir(directory, { recursive: true });
  const found = await Promise.all(names.map((name) => stat(join(directory, name))));
  await rm(directory, { recursive: true });
  mustBe(count, found.filter((each) => each.isFile() && each.size === bytes).length);
}

const treeDown: Setter = async (size, { root, here }) => {
  const local = join(here, 'tree');
  return {
    remote: `/${await treeIn(size, root)}`,
    local,
    leaves: size.bytes * size.count,
    strike: () => strikeTree(size, local),
  };
};

const treeUp: Setter = async (size, { root, here }) => ({
  remote: '/tree',
  local: join(here, await treeIn(size, here)),
  leaves: size.bytes * size.count,
  strike: () => strikeTree(size, join(root, 'tree')),
});

const smallDirectoryOnly: Setter = async (size, { root, here }) => ({
  remote: `/${await smallDirectory(size, root)}`,
  local: here,
  ...nothingLeft,
});

const mixed: Setter = async ({ bytes, count, lockStep = count }, { root, here }) => {
  const directory = join(root, 'mixed');
  const files = Array.from({ length: count }, (_, index) => mixedFile(index, bytes));
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory);
  for (const file of files) await writeMixed(directory, file);
  return {
    remote: '/mixed',
    local: here,
    leaves: 0,
    async strike() {
      const names = await readdir(directory);
      const done = await Promise.all(files.map((file) => isDone(directory, file)));
      const times = done.filter(Boolean).length;
      mustBe(times <= lockStep ? lockStep : count, times);
      mustBe(files.filter(({ deleted }, index) => !(deleted && done[index])).length, names.length);
    },
  };
};

async function writeMixed(directory: string, { file, bytes, modified }: MixedFile): Promise<void> {
  const path = join(directory, file);
  await writeFile(path, Buffer.alloc(bytes));
  await chmod(path, 0o644);
  await utimes(path, modified, modified);
}

async function isDone(directory: string, { file, deleted, mode }: MixedFile): Promise<boolean> {
  const path = join(directory, file);
  if (deleted) return !existsSync(path);
  return ((await stat(path)).mode & 0o777) === mode;
}

const firstByte: Setter = async (size, { root, here }) => ({
  remote: `/${await smallDirectory(size, root)}/f0000`,
  local: here,
  ...nothingLeft,
});

const listingFile =
  (kind: 'mlsd' | 'list'): Setter =>
  async ({ count }, { here }) => {
    const local = join(here, `${kind}-${count}`);
    if (!existsSync(local)) await writeListing(local, kind, count);
    return { remote: '', local, ...nothingLeft };
  };

const stages: Readonly<Record<TaskName, Setter>> = {
  'download-null': downloadNull,
  'download-file': downloadFile,
  'download-options': downloadFile,
  'download-segments': downloadFile,
  upload,
  'upload-options': upload,
  'small-files': smallFiles,
  'tree-down': treeDown,
  'tree-up': treeUp,
  'first-byte': firstByte,
  metadata: smallDirectoryOnly,
  'metadata-mixed': mixed,
  list: smallDirectoryOnly,
  import: async (_size, { here }) => ({ remote: '', local: here, ...nothingLeft }),
  'parse-mlsd': listingFile('mlsd'),
  'parse-list': listingFile('list'),
};

/** Keeps the manifest of a target while the plan's steps run: it knows done steps only, and is written last. */
import { stat } from 'node:fs/promises';
import { publish } from '../remote-publish.js';
import { RemoteTree } from '../tree/remote-tree.js';
import { nameOf, parentOf } from '../tree/tree-entry.js';
import type { TreePlace } from '../tree/tree-place.js';
import { wholeWork } from '../whole-work.js';
import type { Links, Sides } from './contents.js';
import {
  formatManifest,
  MANIFEST_NAME,
  MAX_MANIFEST_BYTES,
  type Manifest,
  parseManifest,
  recordOf,
} from './manifest.js';
import type { PlanStep } from './plan.js';
import { listingOf } from './target-check.js';
import { temporaryName } from './temporary-name.js';
import { checksumOf, isLocal } from './tree-checksum.js';

export class ManifestKeeper {
  readonly #sides: Sides;
  readonly #links: Links;
  readonly #signal: AbortSignal;
  /** Files that a step has touched; with a checksum if it is done, and the source was the same all the time. */
  readonly #touched = new Map<string, string | undefined>();
  readonly #states = new Map<string, string>();

  constructor(sides: Sides, links: Links, signal: AbortSignal) {
    this.#sides = sides;
    this.#links = links;
    this.#signal = signal;
  }

  /** A step begins, so the manifest's record of its file is no longer true. */
  async begin({ do: deed, path }: PlanStep): Promise<void> {
    this.#touched.set(path, undefined);
    if (deed === 'copy' || deed === 'update') this.#states.set(path, await this.#stateOf(path));
  }

  /** A file is complete at the target. One whose checksum cannot be known is copied again by the next run. */
  async copied({ path }: PlanStep): Promise<void> {
    const rules = { algorithm: 'SHA-256', links: this.#links, signal: this.#signal } as const;
    const { value } = await checksumOf(this.#sides.source, path, rules).catch(() => ({ value: undefined }));
    const isSame = (await this.#stateOf(path)) === this.#states.get(path);
    this.#states.delete(path);
    if (isSame) this.#touched.set(path, value);
  }

  /** Writes it, if a step has touched anything. */
  async write(): Promise<void> {
    if (this.#touched.size === 0) return;
    const { target } = this.#sides;
    const manifest = parseManifest(await target.readSmall(MANIFEST_NAME, MAX_MANIFEST_BYTES, this.#signal));
    for (const path of this.#touched.keys()) manifest.delete(path);
    await this.#record(manifest);
    const replace = (): Promise<void> => replaceFile(target, MANIFEST_NAME, formatManifest(manifest), this.#signal);
    await (target instanceof RemoteTree ? wholeWork(target.ftp, replace) : replace());
  }

  /** The size and the time are those that the target tells now. */
  async #record(manifest: Manifest): Promise<void> {
    const known = [...this.#touched].filter((each): each is [string, string] => each[1] !== undefined);
    for (const directory of new Set(known.map(([path]) => parentOf(path)))) {
      const listing = await listingOf(this.#sides.target, directory, this.#signal);
      for (const [path, sha256] of known.filter((each) => parentOf(each[0]) === directory)) {
        const entry = listing.get(nameOf(path));
        if (entry !== undefined) manifest.set(path, recordOf(sha256, entry));
      }
    }
  }

  /** By this a local file is known again; a server computes its checksum itself. */
  async #stateOf(path: string): Promise<string> {
    if (!isLocal(this.#sides.source)) return '';
    const found = await stat(this.#sides.source.at(path), { bigint: true }).catch(() => undefined);
    return `${found?.ino}:${found?.size}:${found?.mtimeNs}`;
  }
}

/** Replaces a small file, which is never seen half-written. */
async function replaceFile(tree: TreePlace, path: string, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
  const temporary = temporaryName(path);
  try {
    await tree.writeSmall(temporary, bytes, signal);
    if (tree instanceof RemoteTree) {
      await publish({ ftp: tree.ftp, stored: tree.at(temporary), final: tree.at(path), start: 0, signal });
    } else await tree.rename(temporary, path);
  } catch (error) {
    const tidying = tree instanceof RemoteTree ? tree.undoing() : tree;
    await tidying.removeFile(temporary).catch(() => undefined);
    throw error;
  }
}

/** Compares the bytes of files that both sides have, by checksums. */
import { defer, from, map, mergeMap, type Observable, reduce } from 'rxjs';
import type { HashName } from '../../protocol/hash-algorithms.js';
import { isRefusedForGood } from '../ask.js';
import { type AskHash, type CommonHash, commonHash } from '../common-hash.js';
import type { TreePlace } from '../tree/tree-place.js';
import { withSignal } from '../with-signal.js';
import type { ContentAnswer } from './compare-files.js';
import type { LeanEntry } from './lean-entry.js';
import { isAsRecorded, type Manifest } from './manifest.js';
import { checksumOf, isLocal, type TreeChecksum } from './tree-checksum.js';

/** The places of the two trees. */
export interface Sides {
  readonly source: TreePlace;
  readonly target: TreePlace;
}

/** The rule of the plan. */
export type Links = TreeChecksum['links'];

/** Whether the files of a path have the same bytes; undefined if the client cannot find out. */
type Ask = (path: string, signal: AbortSignal) => Promise<ContentAnswer | undefined>;

export type ContentAnswers = ReadonlyMap<string, ContentAnswer>;

const CONCURRENCY = 4;

/** Emits the answers once. Errors if a server computes no checksums. */
export function compareHashes$(paths: Iterable<string>, sides: Sides, links: Links): Observable<ContentAnswers> {
  return defer(() => {
    let known: HashName | undefined;
    return answers$(paths, async (path, signal) => {
      const { algorithm, isSame } = await askHashes(path, sides, { known, links, signal });
      known = algorithm;
      return isSame ? 'same' : 'differs';
    });
  });
}

interface Known {
  readonly manifest: Manifest;
  readonly targets: ReadonlyMap<string, LeanEntry>;
  readonly links: Links;
}

/** The same by a manifest, which has the checksums of one side. */
export function compareManifest$(
  paths: Iterable<string>,
  { source }: Sides,
  { manifest, targets, links }: Known,
): Observable<ContentAnswers> {
  return answers$(paths, async (path, signal) => {
    const recorded = manifest.get(path);
    const target = targets.get(path);
    if (recorded === undefined || target === undefined || !isAsRecorded(recorded, target)) return undefined;
    const { value } = await checksumOf(source, path, { algorithm: 'SHA-256', links, signal });
    return value === recorded.sha256 ? 'same' : 'differs';
  });
}

function answers$(paths: Iterable<string>, ask: Ask): Observable<ContentAnswers> {
  return from(paths).pipe(
    mergeMap(
      (path) => withSignal((signal) => askOne(path, ask, signal)).pipe(map((answer) => ({ path, answer }))),
      CONCURRENCY,
    ),
    reduce(
      (found, { path, answer }) => (answer === undefined ? found : found.set(path, answer)),
      new Map<string, ContentAnswer>(),
    ),
  );
}

/** A file whose checksum is refused is one of which nothing is known. */
async function askOne(path: string, ask: Ask, signal: AbortSignal): Promise<ContentAnswer | undefined> {
  try {
    return await ask(path, signal);
  } catch (error) {
    if (isRefusedForGood(error)) return undefined;
    throw error;
  }
}

/** A local file has any algorithm, so the server chooses. Two servers take one that both know. */
async function askHashes(
  path: string,
  { source, target }: Sides,
  { known, ...rules }: Omit<TreeChecksum, 'algorithm'> & { readonly known: HashName | undefined },
): Promise<CommonHash> {
  const ask =
    (tree: TreePlace): AskHash =>
    (algorithm) =>
      checksumOf(tree, path, { algorithm, ...rules });
  return isLocal(source) ? commonHash(ask(target), ask(source), known) : commonHash(ask(source), ask(target), known);
}

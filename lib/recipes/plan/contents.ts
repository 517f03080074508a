/** Compares the bytes of files that both sides have, by checksums. */
import { from, map, mergeMap, type Observable, reduce } from 'rxjs';
import { isRefusedForGood } from '../ask.js';
import type { TreePlace } from '../tree/tree-place.js';
import { withSignal } from '../with-signal.js';
import type { ContentAnswer } from './compare-files.js';
import type { LeanEntry } from './lean-entry.js';
import { isAsRecorded, type Manifest } from './manifest.js';
import { checksumOf, isLocal } from './tree-checksum.js';

/** The places of the two trees. */
export interface Sides {
  readonly source: TreePlace;
  readonly target: TreePlace;
}

/** Whether the files of a path have the same bytes; undefined where that cannot be told. */
type Ask = (path: string, signal: AbortSignal) => Promise<ContentAnswer | undefined>;

export type ContentAnswers = ReadonlyMap<string, ContentAnswer>;

const CONCURRENCY = 4;

/** Emits the answers once. Errors where a server computes no checksums. */
export function compareHashes$(paths: Iterable<string>, sides: Sides): Observable<ContentAnswers> {
  return answers$(paths, (path, signal) => askHashes(path, sides, signal));
}

/** The same by a manifest, which has the checksums of one side. */
export function compareManifest$(
  paths: Iterable<string>,
  { source }: Sides,
  { manifest, targets }: { readonly manifest: Manifest; readonly targets: ReadonlyMap<string, LeanEntry> },
): Observable<ContentAnswers> {
  return answers$(paths, async (path, signal) => {
    const recorded = manifest.get(path);
    const target = targets.get(path);
    if (recorded === undefined || target === undefined || !isAsRecorded(recorded, target)) return undefined;
    const { value } = await checksumOf(source, path, { algorithm: 'SHA-256', signal });
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

/** A server chooses the algorithm. */
async function askHashes(path: string, { source, target }: Sides, signal: AbortSignal): Promise<ContentAnswer> {
  const [first, second] = isLocal(source) ? [target, source] : [source, target];
  const one = await checksumOf(first, path, { signal });
  const other = await checksumOf(second, path, { algorithm: one.algorithm, signal });
  return one.value === other.value ? 'same' : 'differs';
}

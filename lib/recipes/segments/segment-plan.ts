/** Plans a download in segments from the remains of an earlier run: its partial file and its map. */
import { lstat, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { openRegular } from '../../sinks/regular-file.js';
import { syncDirectory } from '../partial-file.js';
import { readTail, type StoredTail } from '../stored-tail.js';
import { mapPathOf, RangeMap, readMap } from './range-map.js';
import { bytesOf, LEAST_RANGE_BYTES, missingRanges, type Range, rangesBefore, TAIL_BYTES } from './ranges.js';

export interface SegmentPlan {
  /** The greatest number of transfers at once. */
  readonly count: number;
  /** The remote file, as it must still be at the end. */
  readonly size: number;
  readonly modified: Date | undefined;
  readonly missing: readonly Range[];
  /** The bytes before a missing range, by the start of that. */
  readonly stored: ReadonlyMap<number, StoredTail>;
  /** The finished ranges are kept in it; undefined if the partial file is not kept. */
  readonly map: RangeMap | undefined;
}

/** The remote file of a download in segments. */
export type SegmentedFile = Pick<SegmentPlan, 'count' | 'size' | 'modified'>;

/** Whether a file of this size is worth more than one transfer. */
export function isWorthSegments(size: number | undefined, segments: number): size is number {
  return segments > 1 && size !== undefined && size >= 2 * LEAST_RANGE_BYTES;
}

/** All of the file. */
export function planWhole(file: SegmentedFile, map?: RangeMap): SegmentPlan {
  return { ...file, missing: missingRanges(file.size, []), stored: new Map(), map };
}

/** The ranges that the partial file `partial` does not have. `kept`: how many bytes it has; undefined if it is to be made. */
export async function planMissing(
  file: SegmentedFile,
  partial: string,
): Promise<{ readonly plan: SegmentPlan; readonly kept: number | undefined }> {
  const path = mapPathOf(partial);
  const found = await lstat(partial).catch(() => undefined);
  const kept = await readMap(path, file.size);
  const isWhole = found?.isFile() === true && found.size <= file.size;
  const isCovered = kept?.ranges.every(({ end }) => end <= (found?.size ?? 0)) === true;
  if (!isWhole || !isCovered || kept.ranges.length === 0) {
    await removeStale(partial, path, found?.isFile() === true, kept !== undefined);
    return { plan: planWhole(file, new RangeMap(path)), kept: undefined };
  }
  // Each run begins with the end of the file, to see that the server respects REST.
  const missing = missingRanges(file.size, rangesBefore(kept.ranges, file.size - TAIL_BYTES));
  const stored = await readTails(partial, missing);
  return { plan: { ...file, missing, stored, map: new RangeMap(path, kept) }, kept: found.size };
}

/** A map that came back after a crash would claim bytes of the next partial file. So it is gone for good before that is made. */
async function removeStale(partial: string, map: string, isThere: boolean, hasMap: boolean): Promise<void> {
  if (hasMap) {
    await rm(map, { force: true });
    await syncDirectory(dirname(map));
  }
  if (isThere) await rm(partial, { force: true });
}

async function readTails(partial: string, missing: readonly Range[]): Promise<ReadonlyMap<number, StoredTail>> {
  const tails = new Map<number, StoredTail>();
  const { handle } = await openRegular(partial, { followsLinks: false });
  try {
    let finishedFrom = 0;
    for (const { start, end } of missing) {
      if (start > finishedFrom) tails.set(start, await readTail(handle, finishedFrom, start));
      finishedFrom = end;
    }
  } finally {
    await handle.close();
  }
  return tails;
}

/** The number of bytes of an earlier run. */
export function storedBytes({ size, missing }: SegmentPlan): number {
  return size - bytesOf(missing);
}

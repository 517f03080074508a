/** Decides whether the source's file must be copied over that of the target. */
import type { LeanEntry } from './lean-entry.js';
import { orderOfTimes } from './time-order.js';

/** How two files are compared: see `PlanOptions`. */
export type CompareChoice = 'size+time' | 'size' | 'hash' | 'manifest';

/** The comparison of the files of one path, if their bytes were compared. */
export type ContentAnswer = 'same' | 'differs';

export interface Compared {
  readonly source: LeanEntry;
  readonly target: LeanEntry;
  readonly compare: CompareChoice;
  /** Of `hash` and `manifest`: needed if the sizes do not differ. Undefined if nothing is known of the bytes. */
  readonly content: () => ContentAnswer | undefined;
}

/** The reason to copy; undefined if the files are equal. */
export function reasonToUpdate({ source, target, compare, content }: Compared): string | undefined {
  if (haveOtherSizes(source, target)) return `the size is ${source.size}, and was ${target.size}`;
  if (compare === 'hash') return content() === 'same' ? undefined : 'the checksum differs';
  if (compare === 'manifest') return manifestReason(content());
  const isSizeKnown = source.size !== undefined && target.size !== undefined;
  if (compare === 'size') return isSizeKnown ? undefined : 'the size is not known';
  return reasonOfTime(source, target, isSizeKnown);
}

/** Whether the sizes alone tell that the files differ. */
export function haveOtherSizes(source: LeanEntry, target: LeanEntry): boolean {
  return source.size !== undefined && target.size !== undefined && source.size !== target.size;
}

function manifestReason(content: ContentAnswer | undefined): string | undefined {
  if (content === 'same') return undefined;
  return content === 'differs'
    ? 'the checksum is not that in the manifest'
    : 'the manifest does not know the file as it is';
}

function reasonOfTime(source: LeanEntry, target: LeanEntry, isSizeKnown: boolean): string | undefined {
  const order = orderOfTimes(source, target);
  if (order === 'newer') return 'the source is newer';
  if (order === 'maybe-newer') return 'the source may be newer: the zone of a time is not known';
  if (order === 'unknown' && !isSizeKnown) return 'neither size nor time can be compared';
  return undefined;
}

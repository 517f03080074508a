/**
 * Measures the zone of the server's clock. LIST names a file's time by that clock, and MDTM in UTC (RFC 3659 section 3). So one file of
 * each month shows the clock's distance from UTC in that month.
 *
 * It measures a month once for a client. In a month in which daylight saving time begins or ends, the measured file counts for the whole
 * month.
 */
import type { Session } from '../../control/session.js';
import type { Cancellation } from '../../net/cancellation.js';
import type { FileEntry } from '../../protocol/listing/file-entry.js';
import { changed } from './changed-entry.js';
import { askTime } from './exact-times.js';

const MINUTE_MS = 60_000;
const QUARTER_MS = 15 * MINUTE_MS;
/** A file may be written to between the two questions, and not every server rounds down. */
const MAX_REST_MS = 2 * MINUTE_MS;
/** The line islands are 14 hours ahead. */
const MAX_AHEAD_MS = 14 * 60 * MINUTE_MS;
/** So many files of one month are tried. */
const TRIES = 3;
/** The greatest number of months of one listing to measure: those of its first files. */
const MAX_MONTHS = 24;

/** Files to measure by: of each month the first ones. */
export class ZoneSamples {
  readonly byMonth: Map<number, FileEntry[]> = new Map();

  add(entry: FileEntry): void {
    if (entry.kind !== 'file' || !isMeasurable(entry)) return;
    const month = monthOf(entry.modified);
    const files = this.byMonth.get(month) ?? [];
    if (files.length >= TRIES || (files.length === 0 && this.byMonth.size >= MAX_MONTHS)) return;
    this.byMonth.set(month, [...files, entry]);
  }
}

/** Measures the months that the client has not measured yet, in the directory of these files. */
export async function measureZone(session: Session, samples: ZoneSamples, signal: Cancellation): Promise<void> {
  const { aheadMs } = session.learned;
  for (const [month, files] of samples.byMonth) {
    if (aheadMs.has(month)) continue;
    for (const { name, modified } of files) {
      if (signal.aborted || session.learned.lacks('MDTM')) return;
      const exact = await askTime(session, name);
      const ahead = exact === undefined || modified === undefined ? undefined : aheadBy(modified, exact);
      if (ahead === undefined) continue;
      aheadMs.set(month, ahead);
      break;
    }
  }
}

/**
 * The entry in UTC, as far as it is measured. By the nearest month that is, if its own is not: then `zoneKnown` stays `false`. A
 * date without a time stays as it is.
 */
export function inUtc(entry: FileEntry, aheadMs: ReadonlyMap<number, number>): FileEntry {
  if (aheadMs.size === 0 || !isMeasurable(entry)) return entry;
  const month = monthOf(entry.modified);
  const ahead = aheadMs.get(month) ?? aheadMs.get(nearest([...aheadMs.keys()], month)) ?? 0;
  const modified = new Date(entry.modified.getTime() - ahead);
  return changed(entry, { modified, zoneKnown: aheadMs.has(month) });
}

function isMeasurable(entry: FileEntry): entry is FileEntry & { readonly modified: Date } {
  const { modified, precision, zoneKnown } = entry;
  return modified !== undefined && !zoneKnown && (precision === 'minute' || precision === 'second');
}

/** The months since the year 0, by the server's clock. */
function monthOf(local: Date): number {
  return local.getUTCFullYear() * 12 + local.getUTCMonth();
}

function nearest(months: readonly number[], month: number): number {
  return months.reduce((best, other) => (Math.abs(other - month) < Math.abs(best - month) ? other : best));
}

/** In whole quarters of an hour; undefined if the two are not times of one file. */
export function aheadBy(local: Date, exact: Date): number | undefined {
  const difference = local.getTime() - exact.getTime();
  const ahead = Math.round(difference / QUARTER_MS) * QUARTER_MS;
  if (Math.abs(difference - ahead) > MAX_REST_MS || Math.abs(ahead) > MAX_AHEAD_MS) return undefined;
  return ahead;
}

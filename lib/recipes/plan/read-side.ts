/** Reads a whole tree for a plan. */
import { map, type Observable, reduce } from 'rxjs';
import { printable } from '../../protocol/printable.js';
import { asError } from '../../streams/as-error.js';
import { readTree, type TreeEvent } from '../tree/read-tree.js';
import type { TreePlace } from '../tree/tree-place.js';
import { type LeanEntry, lean } from './lean-entry.js';
import type { UnseenPath } from './plan-context.js';
import type { Selection } from './selection.js';

export interface SideOptions {
  readonly links: 'skip' | 'follow';
  readonly selection: Selection;
  /** The name of the side in messages. */
  readonly side: 'source' | 'target';
}

/** A tree as it was read. */
export interface SideOfPlan {
  readonly entries: readonly LeanEntry[];
  readonly unseen: readonly UnseenPath[];
  /** Directories that were not entered, since they lead back to one that they are in. */
  readonly loops: ReadonlySet<string>;
  /** The names are those of Windows, which has no case. */
  readonly isDos: boolean;
}

interface Reading {
  readonly entries: LeanEntry[];
  readonly unseen: UnseenPath[];
  readonly listed: Set<string>;
  isDos: boolean;
}

const CONCURRENCY = 4;

/** Emits once, when the whole tree was read. Errors as `readTree`. Unsubscribing aborts the listings. */
export function readSide$(tree: TreePlace, options: SideOptions): Observable<SideOfPlan> {
  const { links, selection } = options;
  const events$ = readTree(tree, {
    concurrency: CONCURRENCY,
    links: links === 'skip' ? 'show' : 'follow',
    visit: ({ path }) => ({ shown: true, entered: !selection.excludes(path, true) }),
  });
  const empty: Reading = { entries: [], unseen: [], listed: new Set(), isDos: false };
  return events$.pipe(
    reduce((reading, event) => take(reading, event, options), empty),
    map((reading) => ({ ...reading, loops: loopsOf(reading, selection) })),
  );
}

function take(reading: Reading, event: TreeEvent, { side }: SideOptions): Reading {
  if (event.type === 'listed') reading.listed.add(event.path);
  else if (event.type === 'failed') {
    const error = asError(event.error);
    const because = `of the ${side}: ${printable(error.message)}`;
    reading.unseen.push({ path: event.path, because, isName: !event.listing, error });
  } else {
    const entry = lean(event.entry);
    reading.entries.push(event.link ? { ...entry, link: true } : entry);
    reading.isDos ||= event.entry.dialect === 'dos';
  }
  return reading;
}

function loopsOf({ entries, unseen, listed }: Reading, selection: Selection): ReadonlySet<string> {
  const failed = new Set(unseen.map(({ path }) => path));
  const isLoop = ({ path, kind }: LeanEntry): boolean =>
    kind === 'directory' && !listed.has(path) && !failed.has(path) && !selection.excludes(path, true);
  return new Set(entries.filter(isLoop).map(({ path }) => path));
}

/**
 * Links that MLSD shows as the directories to which they lead. pyftpdlib (1.5.7) shows them so, and its LIST shows them as links. A row
 * of its MLSD is known by its facts, so that no other server is asked twice.
 */
import { EMPTY, type Observable, type OperatorFunction, type Subscriber } from 'rxjs';
import { FtpProtocolError } from '../../errors.js';
import type { FileEntry } from '../../protocol/listing/file-entry.js';
import { flowOperator } from '../../streams/flow.js';
import { isRefusedForGood } from '../ask.js';

/** `modify=20240203040506;perm=el;size=4096;type=dir;unique=1bg48f1b; name`: sorted, and `g` in small letters. */
const ROW = /^modify=\d+;perm=[A-Za-z]*;size=\d+;type=dir;unique=[\da-f]+g[\da-f]+;/;

/**
 * Lets all entries pass, but for directories that may be links: they come behind the others, as links where `listed` shows them so. It is
 * subscribed to for such directories alone. If LIST is refused, or not understood, they stay directories.
 */
export function tellLinks(listed: () => Observable<FileEntry>): OperatorFunction<FileEntry, FileEntry> {
  return flowOperator((subscriber) => {
    const doubtful: FileEntry[] = [];
    const emit = (links: ReadonlyMap<string, FileEntry>): void => {
      for (const entry of doubtful) subscriber.next(told(entry, links.get(entry.name)));
    };
    return {
      next(entry) {
        if (entry.kind === 'directory' && ROW.test(entry.raw)) doubtful.push(entry);
        else subscriber.next(entry);
      },
      complete() {
        const rows$ = doubtful.length === 0 ? EMPTY : listed();
        collectLinks(rows$, subscriber, (links) => {
          emit(links);
          subscriber.complete();
        });
      },
      // Of the directory not all is known: nothing below it is changed.
      onError: () => emit(new Map()),
    };
  });
}

function told(entry: FileEntry, link: FileEntry | undefined): FileEntry {
  return link === undefined ? entry : { ...entry, kind: 'symlink', size: undefined, target: link.target };
}

/** A name that is also that of a directory is no link for certain. */
function collectLinks(
  rows$: Observable<FileEntry>,
  subscriber: Subscriber<FileEntry>,
  done: (links: ReadonlyMap<string, FileEntry>) => void,
): void {
  const links = new Map<string, FileEntry>();
  const others = new Set<string>();
  const end = (): void => {
    for (const name of others) links.delete(name);
    done(links);
  };
  const rows = rows$.subscribe({
    next(entry) {
      if (entry.kind === 'symlink') links.set(entry.name, entry);
      else if (entry.kind === 'directory') others.add(entry.name);
    },
    complete: end,
    error(error: unknown) {
      if (isRefusedForGood(error) || (error instanceof FtpProtocolError && error.unparsed.length > 0)) end();
      else subscriber.error(error);
    },
  });
  subscriber.add(rows);
}

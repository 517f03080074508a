/** Uploads the new tree: its directories level by level, then its files, several at a time. */
import { join } from 'node:path';
import { concat, defer, from, map, mergeMap, type Observable, of, tap } from 'rxjs';
import { foundFile } from '../readable-file.js';
import type { LocalFile } from '../remote-plan.js';
import type { LocalPlace } from '../tree/place.js';
import type { RemoteTree } from '../tree/remote-tree.js';
import type { TreeEntry } from '../tree/tree-entry.js';
import { uploadFile$ } from '../upload.js';
import type { Source } from './local-source.js';
import type { PublishEvent } from './publish-event.js';
import type { PublishOptions } from './publish-options.js';

export interface Filling {
  readonly from: LocalPlace;
  readonly source: Source;
  /** The tree whose root is the staging directory. */
  readonly staging: RemoteTree;
  readonly options: PublishOptions;
  readonly concurrency: number;
  /** Gets the bytes that were uploaded, by path. */
  readonly uploaded: Map<string, number>;
}

/** Errors with the first failure. */
export function fill$({
  from: place,
  source,
  staging,
  options,
  concurrency,
  uploaded,
}: Filling): Observable<PublishEvent> {
  const skipped$ = from(source.skipped).pipe(map(skippedEvent));
  const levels = [...levelsOf(source.directories)].map((level) =>
    from(level).pipe(
      mergeMap((path) => defer(() => staging.makeDirectory(path)).pipe(map(() => madeEvent(path))), concurrency),
    ),
  );
  const verify = options.verify === 'hash' ? { verify: 'hash' as const } : {};
  const rules = { followsLinks: options.links === 'follow' };
  const file$ = ({ path }: TreeEntry): Observable<PublishEvent> => {
    const look = (): Promise<LocalFile> => foundFile(join(place.directory, path), rules);
    const sent$ = uploadFile$({ ftp: staging.ftp, remote: staging.at(path), options: verify, look }).pipe(
      tap(({ bytes }) => uploaded.set(path, bytes)),
      map((progress): PublishEvent => ({ type: 'progress', ...progress, path })),
    );
    return concat(
      sent$,
      defer(() => of(copiedEvent(path, uploaded.get(path)))),
    );
  };
  return concat(skipped$, ...levels, from(source.files).pipe(mergeMap(file$, concurrency)));
}

/** The directories of one depth do not wait for each other. */
function levelsOf(directories: readonly string[]): Iterable<string[]> {
  const levels = new Map<number, string[]>();
  for (const path of directories) {
    const depth = path.split('/').length;
    levels.set(depth, [...(levels.get(depth) ?? []), path]);
  }
  return levels.values();
}

function skippedEvent({ path, kind }: TreeEntry): PublishEvent {
  const because = kind === 'symlink' ? 'it is a link' : 'it is neither file nor directory';
  return { type: 'step', step: { do: 'skip', path, because }, result: 'skipped' };
}

function madeEvent(path: string): PublishEvent {
  return { type: 'step', step: { do: 'mkdir', path, because: 'the new tree has it' }, result: 'done' };
}

function copiedEvent(path: string, bytes: number | undefined): PublishEvent {
  return { type: 'step', step: { do: 'copy', path, bytes, because: 'the new tree has it' }, result: 'done' };
}

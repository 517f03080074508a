/** Types of the recipes: what they emit, and arguments that the compiler refuses. */
import type { Observable } from 'rxjs';
import { expectTypeOf } from 'vitest';
import type { FtpClient, FtpOperations, FtpSession, TransferProgress, ValueStream } from '../../../lib/index.js';
import {
  type ApplyEvent,
  apply$,
  download$,
  emptyDirectory$,
  ensureDirectory$,
  type FileProgress,
  fxp$,
  glob$,
  type LocalPlace,
  local,
  type MirrorEvent,
  mirror$,
  type Plan,
  type PublishEvent,
  plan$,
  publish$,
  type RemotePlace,
  type RemovedTree,
  remote,
  removeTree$,
  type TreeEntry,
  type TreeUsage,
  upload$,
  usage$,
  walk$,
} from '../../../lib/recipes/index.js';

declare const client: FtpClient;
declare const session: FtpSession;
declare const ftp: FtpOperations;
declare const plan: Plan;
declare const here: LocalPlace;
declare const there: RemotePlace;

expectTypeOf(local).returns.toEqualTypeOf<LocalPlace>();
expectTypeOf(remote).returns.toEqualTypeOf<RemotePlace>();
expectTypeOf(download$).returns.toEqualTypeOf<Observable<FileProgress>>();
expectTypeOf(upload$).returns.toEqualTypeOf<Observable<FileProgress>>();
expectTypeOf(walk$).returns.toEqualTypeOf<ValueStream<TreeEntry>>();
expectTypeOf(glob$).returns.toEqualTypeOf<ValueStream<TreeEntry>>();
expectTypeOf(usage$).returns.toEqualTypeOf<Observable<TreeUsage>>();
expectTypeOf(ensureDirectory$).returns.toEqualTypeOf<Observable<boolean>>();
expectTypeOf(removeTree$).returns.toEqualTypeOf<Observable<RemovedTree>>();
expectTypeOf(emptyDirectory$).returns.toEqualTypeOf<Observable<RemovedTree>>();
expectTypeOf(plan$).returns.toEqualTypeOf<Observable<Plan>>();
expectTypeOf(apply$).returns.toEqualTypeOf<Observable<ApplyEvent>>();
expectTypeOf(mirror$).returns.toEqualTypeOf<Observable<MirrorEvent>>();
expectTypeOf(publish$).returns.toEqualTypeOf<Observable<PublishEvent>>();
expectTypeOf(fxp$).returns.toEqualTypeOf<Observable<TransferProgress>>();

/** A client and a session serve alike. Never run. */
export const good: readonly (() => unknown)[] = [
  () => [remote(client), remote(session, '/pub'), remote(ftp, '')],
  () => mirror$(here, there, { delete: true }),
  () => mirror$(remote(client, '/a'), remote(session, '/b')),
  () => apply$(JSON.parse('{}') as Plan, there, here),
  () => glob$(here, ['*.html', '!x'] as const),
  () => fxp$(client, '/a', session, '/b'),
];

/** Never run. */
export const refused: readonly (() => unknown)[] = [
  // @ts-expect-error a place on a server needs its client
  () => remote('/pub'),
  // @ts-expect-error a local directory is a path
  () => local(new URL('file:///tmp')),
  // @ts-expect-error a path is no place
  () => walk$('site'),
  // @ts-expect-error a tree has a place
  () => usage$(client),
  // @ts-expect-error patterns come second
  () => glob$(here, { dot: true }),
  // @ts-expect-error the plan comes first
  () => apply$(there, here, plan),
  // @ts-expect-error both places are needed
  () => mirror$(here),
  // @ts-expect-error a plan is made of two places
  () => plan$(here, '/www'),
  // @ts-expect-error a site is published from the local disk to a server
  () => publish$(there, here),
  // @ts-expect-error each server has a path of its own
  () => fxp$(client, session, '/a'),
  // @ts-expect-error a client comes first
  () => removeTree$('/old'),
  // @ts-expect-error a path is a text
  () => emptyDirectory$(ftp, there),
  // @ts-expect-error several directories are several calls
  () => ensureDirectory$(ftp, ['/a', '/b']),
  // @ts-expect-error the remote path comes before the local one, and both are texts
  () => download$(ftp, '/a', new URL('file:///a')),
  // @ts-expect-error the local path is needed
  () => upload$(ftp, { atomic: true }, '/a'),
];

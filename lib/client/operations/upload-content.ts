/**
 * Makes the content of an upload, from bytes or lines. It checks the source before the client sends anything, and reads it after the
 * server's reply.
 */
import { Observable } from 'rxjs';
import { FtpUsageError, withOutcome } from '../../errors.js';
import { EarlyHold } from '../../streams/early-hold.js';
import { type LineSource, readLines, requireLineSource } from '../../streams/line-source.js';
import { LendingSource, type Pull } from '../../streams/pull.js';
import {
  type ByteSource,
  openPull,
  readSource,
  readsAgain,
  requireByteSource,
  type SourceReader,
  sourceSize,
} from '../../streams/source.js';
import { onEarlyFailure, requireUsable, whenOpened } from '../../streams/source-use.js';

export interface UploadContent {
  /** The number of bytes that it has, once that is known. */
  readonly size: number | undefined;
  /** Throws for a value that is no such source. */
  check(): void;
  /** Throws when it cannot be read any more: sending the command then would empty the file for nothing. */
  requireUsable(): void;
  /** It was read, if only in part, and cannot be read once more. */
  isUsedUp(): boolean;
  /** A file that is being opened: resolves when that has succeeded or failed. */
  opening(): Promise<void> | undefined;
  read(): SourceReader;
  /** `upload$`, ended with the error of the source when that fails before it is read. */
  guard<T>(upload$: Observable<T>): Observable<T>;
}

export function byteContent(source: ByteSource): UploadContent {
  let size: number | undefined;
  return {
    get size() {
      // A file may have another size when it is read once more.
      if (source instanceof LendingSource) return source.size;
      size ??= sourceSize(source);
      return size;
    },
    check: () => requireByteSource(source),
    ...useOf(source, (open) => readSource(source, open)),
  };
}

export function lineContent(source: LineSource, encode: (text: string) => Uint8Array): UploadContent {
  return {
    size: undefined,
    check: () => requireLineSource(source),
    ...useOf(source, (open) => readLines(source, (text) => encodeForUpload(text, encode), open)),
  };
}

function useOf(
  source: ByteSource | LineSource,
  read: (open: () => Pull) => SourceReader,
): Pick<UploadContent, 'requireUsable' | 'isUsedUp' | 'opening' | 'read' | 'guard'> {
  let hold: EarlyHold | undefined;
  let wasOpened = false;
  return {
    requireUsable: () => requireUsable(source, hold?.isHolding),
    opening: () => whenOpened(source),
    isUsedUp: () => wasOpened && !readsAgain(source),
    read: () =>
      read(() => {
        wasOpened = true;
        return openPull(source, hold?.take());
      }),
    guard: (upload$) =>
      new Observable((subscriber) => {
        const own = hold === undefined ? EarlyHold.of(source) : undefined;
        hold ??= own;
        subscriber.add(onEarlyFailure(source, (error) => subscriber.error(error)));
        subscriber.add(() => {
          own?.release();
          if (hold === own) hold = undefined;
        });
        subscriber.add(upload$.subscribe(subscriber));
      }),
  };
}

/** Text that cannot be encoded shows when the upload has begun. */
function encodeForUpload(text: string, encode: (text: string) => Uint8Array): Uint8Array {
  try {
    return encode(text);
  } catch (error) {
    throw error instanceof FtpUsageError ? withOutcome(error, 'unknown') : error;
  }
}

/**
 * Tells whether a source can still be read. An upload of a consumed source would send no bytes and empty the file.
 *
 * An iterator does not show its use, so a note on the object itself does. Every copy of this package sees it.
 */
import type { ReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { FtpUsageError } from '../errors.js';

/** The property of a source that had its reader. */
const TAKEN = /* @__PURE__ */ Symbol.for('rxftp.taken');

/** A source that gives its bytes once, to its first reader. Throws FtpUsageError if it had one. */
export function take<T extends object>(source: T): T {
  if (isTaken(source)) throw unreadable('a source that was read before, and that gives its bytes once');
  Reflect.defineProperty(source, TAKEN, { value: true });
  return source;
}

function isTaken(source: object): boolean {
  return Object.hasOwn(source, TAKEN);
}

/**
 * Throws FtpUsageError for a source that cannot be read any more, and the error of a Readable that has failed. One that is held
 * may have come to its end.
 */
export function requireUsable(source: unknown, isHeld = false): void {
  if (typeof source !== 'object' || source === null) return;
  if (isTaken(source)) throw unreadable('a source that was read before, and that gives its bytes once');
  if (isIterator(source) && !Object.isExtensible(source))
    throw unreadable('a frozen iterator, on which cannot be noted that it was read');
  if (isReadable(source)) requireOpen(source, isHeld);
  else if (isWebStream(source)) requireUntouched(source);
}

/** Tells the error of a Readable that fails before it is read; returns how to stop listening. */
export function onEarlyFailure(source: unknown, failed: (error: unknown) => void): () => void {
  if (typeof source !== 'object' || source === null || !isReadable(source)) return () => {};
  const listener = (error: unknown): void => {
    if (!isTaken(source)) failed(error);
  };
  source.on('error', listener);
  return () => {
    source.off('error', listener);
    if (!isTaken(source)) ignoreErrors(source);
  };
}

/** Of a file that is being opened: resolves when it is open, or will never be. */
export function whenOpened(source: unknown): Promise<void> | undefined {
  if (!isOpening(source)) return undefined;
  return new Promise((resolve) => {
    const settle = (): void => {
      source.off('open', settle).off('close', settle);
      resolve();
    };
    source.on('open', settle).on('close', settle);
  });
}

export function isReadable(value: object): value is Readable {
  const { on, pipe, pause, resume } = value as Partial<Readable>;
  return [on, pipe, pause, resume].every((method) => typeof method === 'function');
}

export function isWebStream(value: object): value is ReadableStream {
  return 'getReader' in value && typeof value.getReader === 'function';
}

/** As `node:fs` has it; a socket can be pending too, but has no path. */
function isOpening(source: unknown): source is ReadStream {
  if (typeof source !== 'object' || source === null || !isReadable(source)) return false;
  return 'path' in source && (source as Partial<ReadStream>).pending === true && !source.destroyed;
}

/** It gives its values once. */
function isIterator(value: object): boolean {
  return 'next' in value && (Symbol.iterator in value || Symbol.asyncIterator in value);
}

function requireOpen(readable: Readable, isHeld: boolean): void {
  if (readable.errored) throw readable.errored;
  if (isHeld && readable.readableEnded) return;
  if (readable.readableEnded || readable.destroyed) throw unreadable('a Readable that has ended or was destroyed');
}

/** As `fetch` does: a stream that was read and released does not show whether bytes are left. */
function requireUntouched(stream: ReadableStream): void {
  if (stream.locked || Readable.isDisturbed(stream as unknown as Readable))
    throw unreadable('a ReadableStream that has another reader, or had one');
}

function unreadable(what: string): FtpUsageError {
  return new FtpUsageError(`Cannot read ${what}`);
}

/** A Readable that was not read is its owner's again. A later error of it must not end the process if it has no listener. */
function ignoreErrors(readable: Readable): void {
  if (readable.listenerCount('error') > 0 || readable.closed) return;
  readable.on('error', ignore).once('close', () => readable.off('error', ignore));
}

function ignore(): void {}

/**
 * Recognises Node's own file streams by their class: the readables and the writables of a file. Such a writable needs a chunk only until
 * its callback runs, so the memory may be used again.
 *
 * A stream that other code has changed (a subclass, its own `write`) may keep chunks, and gets owned ones. If `createWriteStream` gets a
 * user's `fs`, that `fs` must not keep a chunk longer than Node's does.
 */
import fs, { ReadStream, WriteStream } from 'node:fs';

const OWN_METHODS = ['write', '_write', '_writev'] as const;

/** Whether `to` is a stream of `fs.createWriteStream` that no other code has changed. */
export function isFileStream(to: NodeJS.WritableStream): to is WriteStream {
  return Object.getPrototypeOf(to) === WriteStream.prototype && !OWN_METHODS.some((name) => Object.hasOwn(to, name));
}

/** Whether `from` has the class of `fs.createReadStream`'s result, and no class derived from it. */
export function isReadStream(from: object): from is ReadStream {
  return Object.getPrototypeOf(from) === ReadStream.prototype;
}

/** Whether a file stream reads and writes by `value` when its owner has given it no other `fs`. */
export function isNodeFs(value: unknown): boolean {
  return value === fs;
}

/**
 * Hands `views` to `to` at once, for one `writev`. Resolves when they are written, and rejects with the error of `to`.
 * A stream that is destroyed calls back for a write only when that is over, and with an error for those it never began.
 */
export function writeAll(to: WriteStream, views: readonly Uint8Array[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const last = views.length - 1;
    to.cork();
    for (const [index, view] of views.entries()) {
      to.write(view, (error) => {
        if (error !== null && error !== undefined) reject(error);
        else if (index === last) resolve();
      });
    }
    to.uncork();
  });
}

/**
 * Tells whether a Readable comes from `fs.createReadStream` or a `FileHandle`, and no code has changed or used it yet. The library may then
 * read the stream's file in its place.
 *
 * Only Node's own symbols show a custom `fs` or a `FileHandle`. If a stream lacks these symbols, the library leaves it alone.
 */
import type { ReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { isNodeFs, isReadStream } from './file-stream.js';

/** The members by which Node's own `_read` reads and counts. */
export interface FileFields {
  readonly fd: number;
  /** The position of the next read; `undefined`: that of the file itself. */
  pos: number | undefined;
  readonly end: number;
  bytesRead: number;
}

type OnRead = (error: NodeJS.ErrnoException | null, bytes: number) => void;

/** The `fs` that the stream uses: `node:fs`, or the object that Node makes of a `FileHandle`. */
export interface FileOperations {
  read(fd: number, to: Buffer, offset: number, length: number, position: number | undefined, onRead: OnRead): void;
}

export interface UntouchedFile {
  readonly stream: ReadStream & FileFields;
  readonly operations: FileOperations;
}

export function untouchedFile(readable: Readable): UntouchedFile | undefined {
  if (!isReadStream(readable)) return undefined;
  const stream = readable as ReadStream & FileFields;
  if (!hasFields(stream) || hasOwnMethods(stream) || isTouched(stream)) return undefined;
  const operations = operationsOf(stream);
  return operations && { stream, operations };
}

function hasFields(stream: FileFields): boolean {
  const { pos, end, bytesRead } = stream;
  const positioned = Object.hasOwn(stream, 'pos') && (pos === undefined || typeof pos === 'number');
  return positioned && typeof end === 'number' && typeof bytesRead === 'number';
}

/** Also those of the options `read`, `construct` and `destroy`. */
function hasOwnMethods(stream: object): boolean {
  const own = Object.values(Object.getOwnPropertyDescriptors(stream));
  return own.some(({ get, value }) => get !== undefined || typeof value === 'function');
}

function isTouched(stream: Readable): boolean {
  const { destroyed, errored, readableFlowing, readableDidRead, readableLength, readableEnded } = stream;
  const used = destroyed || errored !== null || readableFlowing !== null || readableDidRead || readableEnded;
  const formed = stream.readableEncoding !== null || stream.readableObjectMode;
  return used || formed || readableLength > 0 || stream.isPaused() || isHeard(stream);
}

function isHeard(stream: Readable): boolean {
  return stream.listenerCount('data') + stream.listenerCount('readable') > 0;
}

function operationsOf(stream: object): FileOperations | undefined {
  const operations = ofSymbol(stream, 'kFs');
  return isNodeFs(operations) || ofSymbol(stream, 'kHandle') !== undefined ? (operations as FileOperations) : undefined;
}

function ofSymbol(stream: object, name: string): unknown {
  const symbol = Object.getOwnPropertySymbols(stream).find(({ description }) => description === name);
  return symbol && (stream as Record<symbol, unknown>)[symbol];
}

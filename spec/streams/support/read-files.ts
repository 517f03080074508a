/** Files for file streams, and reading these as an upload does. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fstatSync, openSync, type ReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { expect, vi } from 'vitest';
import { readSource, type SourceReader } from '../../../lib/streams/source.js';
import { LocalDirectory } from '../../recipes/support/local-directory.js';

export const KiB = 1024;
export const MiB = 1024 * KiB;

export interface Files extends AsyncDisposable {
  readonly path: string;
  readonly content: Buffer;
}

export async function fileOf(length: number): Promise<Files> {
  const local = await LocalDirectory.make();
  const content = randomBytes(length);
  const path = local.at('file');
  await writeFile(path, content);
  return { path, content, [Symbol.asyncDispose]: () => local[Symbol.asyncDispose]() };
}

/** A FIFO with both of its ends. */
export async function fifo(): Promise<{ readonly path: string; readonly end: number } & AsyncDisposable> {
  const local = await LocalDirectory.make();
  const path = local.at('fifo');
  execFileSync('mkfifo', [path]);
  const end = openSync(path, 'r+');
  return { path, end, [Symbol.asyncDispose]: () => local[Symbol.asyncDispose]() };
}

export interface Reading {
  readonly bytes: Buffer;
  readonly sizes: number[];
  readonly memory: Set<ArrayBufferLike>;
}

/** Reads to the end; every chunk is given back when it was copied. */
export async function readAll(stream: ReadStream, reader = readSource(stream)): Promise<Reading> {
  const chunks: Buffer[] = [];
  const memory = new Set<ArrayBufferLike>();
  for (let chunk = await reader.next(); chunk !== undefined; chunk = await reader.next()) {
    chunks.push(Buffer.from(chunk));
    memory.add(chunk.buffer);
    reader.giveBack?.(chunk);
  }
  return { bytes: Buffer.concat(chunks), sizes: chunks.map(({ length }) => length), memory };
}

/** Chunks that no consumer gives back. */
export async function keepAll(reader: SourceReader): Promise<Uint8Array[]> {
  const kept: Uint8Array[] = [];
  for (let chunk = await reader.next(); chunk !== undefined; chunk = await reader.next()) kept.push(chunk);
  return kept;
}

export function recordEvents(stream: ReadStream): string[] {
  const events: string[] = [];
  for (const name of ['open', 'ready', 'end', 'error', 'close']) stream.on(name, () => events.push(name));
  return events;
}

export function isOpen(fd: number): boolean {
  try {
    fstatSync(fd);
    return true;
  } catch {
    return false;
  }
}

export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise(setImmediate);
}

export const untilClosed = (stream: ReadStream): Promise<void> =>
  vi.waitFor(() => expect(stream.closed).toBe(true), { interval: 1 });

/** Whether the library reads the file of `stream` in its place. */
export function isReadHere(stream: ReadStream): boolean {
  return Object.hasOwn(stream, '_read');
}

/**
 * Reads an untouched `fs.ReadStream` as any Readable, but `FileReading` reads its file, in few and large pieces. Node's own reads, of 64
 * KiB each, cost an upload as much time as all other work.
 */
import type { Readable } from 'node:stream';
import { FileReading } from './file-reading.js';
import type { Pull } from './pull.js';
import { pullReadable } from './pull-readable.js';
import { untouchedFile } from './untouched-file.js';

/** Reads `readable` from now on, if it is such a stream. */
export function pullFileStream(readable: Readable): Pull | undefined {
  const file = untouchedFile(readable);
  if (file === undefined) return undefined;
  const reading = new FileReading(file.stream, file.operations);
  const pull = pullReadable(readable);
  return {
    next() {
      const next = pull.next();
      reading.ask();
      return next;
    },
    giveBack: (chunk) => reading.giveBack(chunk),
    cancel: () => pull.cancel(),
  };
}

/** Opens what a user names to read it: a regular file, or a FIFO or device that is meant. */
import { closeSync, constants, openSync, statSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/**
 * The opening of a FIFO waits for a writer, and Node cannot take it back. It would hold one of Node's few threads, and the end of the
 * process. So the reader who leaves becomes the writer, until the FIFO is open. `left` is aborted then.
 */
export async function openNamed(path: string, left: AbortSignal): Promise<FileHandle> {
  left.throwIfAborted();
  const opening = open(path);
  const leave = (): void => endOpening(path, opening);
  left.addEventListener('abort', leave);
  try {
    const handle = await opening;
    if (!left.aborted) return handle;
    await handle.close();
    throw left.reason;
  } finally {
    left.removeEventListener('abort', leave);
  }
}

/** All of Node's threads may wait for writers, so this does without them. Neither call waits. */
function endOpening(path: string, opening: Promise<unknown>): void {
  try {
    if (!statSync(path).isFIFO()) return;
    const writer = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    const close = (): void => closeSync(writer);
    opening.then(close, close);
  } catch {
    // Without the right to write, or the name, the opening waits on.
  }
}

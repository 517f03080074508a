/** Waits for the dialogue that `--verbose` shows. */
import { once } from 'node:events';

/** Resolves when what has come from now on matches. */
export async function says(stderr: NodeJS.ReadableStream, pattern: RegExp): Promise<void> {
  let said = '';
  while (!pattern.test(said)) {
    const [chunk] = (await once(stderr, 'data')) as [Buffer];
    said += chunk.toString();
  }
}

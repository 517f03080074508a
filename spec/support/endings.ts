/** Ends the things that a spec has started, after it: the last first. */
import { afterEach } from 'vitest';

/** For a file or a `describe`: what is handed to the returned function is called after each of its specs. */
export function endAfterEach(): (end: () => unknown) => void {
  const ends: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });
  return (end) => void ends.push(end);
}

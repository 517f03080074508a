/** `bench/RESULTS.md`: what a run has printed, and under it what people have written about it, which stays. */
import { readFile, writeFile } from 'node:fs/promises';

const BY_HAND = '\n## Analysis\n';

/** Puts `report` in the place of the last one. */
export async function writeResults(path: string, report: string): Promise<void> {
  const before = await readFile(path, 'utf8').catch(() => '');
  const at = before.indexOf(BY_HAND);
  await writeFile(path, `${report}\n${at === -1 ? '' : before.slice(at)}`);
}

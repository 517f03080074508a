/** Writes `bench/RESULTS.md`: the output of a run, and under it the analysis by people, which stays. */
import { readFile, writeFile } from 'node:fs/promises';

const BY_HAND = '\n## Analysis\n';

/** Puts `report` in the place of the last one. */
export async function writeResults(path: string, report: string): Promise<void> {
  const before = await readFile(path, 'utf8').catch(() => '');
  const at = before.indexOf(BY_HAND);
  await writeFile(path, `${report}\n${at === -1 ? '' : before.slice(at)}`);
}

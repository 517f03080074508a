/** Plays all faults of a row at the same time, each to a server of its own. */
import { type Fault, faultsOf } from './faults.js';
import { ownReply } from './play.js';
import type { Row } from './row.js';

/** The differences, by fault; nothing if all is right. */
export async function wrongs(
  row: Row,
  play: (row: Row, fault: Fault) => Promise<string[]>,
): Promise<Record<string, string[]>> {
  const faults = faultsOf(row, await ownReply(row));
  const played = await Promise.all(faults.map(async (fault) => [fault.name, await play(row, fault)] as const));
  return Object.fromEntries(played.filter(([, wrong]) => wrong.length > 0));
}

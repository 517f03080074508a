/** LIST of few and of many rows, against basic-ftp, in one run in which the two take turns. */
import { join } from 'node:path';
import { runCommand } from '../lab/run-command.js';
import type { Workshop } from '../lab/workshop.js';
import { spreadOf } from '../measure/statistics.js';
import type { InTurn } from '../programs/list-in-turn.js';
import type { Task } from '../programs/task.js';
import { markdownTable } from '../report/markdown.js';
import { writeListing } from '../scenarios/content.js';

const COUNTS = [5_000, 100_000] as const;
const ROUNDS = 21;

export async function listRowsSection(workshop: Workshop): Promise<string> {
  const rows: string[][] = [];
  for (const count of COUNTS) rows.push(rowOf(count, await inTurn(workshop, count)));
  const heads = ['rows', 'rxftp', 'basic-ftp', 'rxftp of basic-ftp', 'of it, least and most'];
  return [
    `### LIST to entries, rxftp and basic-ftp in turn, median of ${ROUNDS} in ms of CPU`,
    markdownTable(heads, rows),
  ].join('\n\n');
}

async function inTurn(workshop: Workshop, count: number): Promise<InTurn> {
  const local = join(workshop.directory, `rows-${count}`);
  await writeListing(local, 'list', count);
  const nowhere = { host: '', port: 0, user: '', password: '', remote: '' };
  const task: Task = { ...nowhere, local, bytes: 0, count, sessions: ROUNDS };
  const script = workshop.script('bench/programs/list-in-turn.ts');
  return JSON.parse(await runCommand(process.execPath, script, JSON.stringify(task))) as InTurn;
}

function rowOf(count: number, { ours, theirs }: InTurn): string[] {
  const ratio = spreadOf(ours.map((ms, round) => ms / (theirs[round] ?? Number.NaN)));
  return [
    count.toLocaleString('en-US'),
    spreadOf(ours).median.toFixed(2),
    spreadOf(theirs).median.toFixed(2),
    ratio.median.toFixed(2),
    `${ratio.min.toFixed(2)} to ${ratio.max.toFixed(2)}`,
  ];
}

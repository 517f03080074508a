/**
 * `npm run bench` measures the cost of this library, next to others at the same work, at the same time, on the same machine.
 *
 * Every figure is of whole processes in rounds that begin with another contender each time; quote ratios, not seconds.
 * Exits with 1 when a proof of bounded memory fails; a speed that is not reached is only said.
 */
import { commandSection } from './calls/command-start.js';
import { callsSection } from './calls/small-file-calls.js';
import { loadNow } from './lab/machine.js';
import { inCheckout, openWorkshop } from './lab/workshop.js';
import { listRowsSection } from './listings/list-rows.js';
import { proveMemory } from './memory/memory-proofs.js';
import { type BenchOptions, parseOptions, usage } from './options.js';
import { allPeers } from './peers/all-peers.js';
import { bundleSection } from './report/bundle.js';
import { heading } from './report/heading.js';
import { memorySection } from './report/memory.js';
import { writeResults } from './report/results-file.js';
import { allScenarios } from './scenarios/all-scenarios.js';
import { compare } from './scenarios/compare.js';
import { worstLinesSection } from './worst/worst-lines.js';

const names = [
  'memory',
  ...allScenarios.map(({ name }) => name),
  'calls',
  'command',
  'list-rows',
  'worst-lines',
  'bundle',
];
const args = process.argv.slice(2);
const asked = readOptions();
if (asked?.help) console.log(`${usage}\n\nnames: ${names.join(', ')}`);
else if (asked !== undefined) await bench(asked);

/** What was asked for; says what is wrong with it, and exits with 2, where something is. */
function readOptions(): BenchOptions | undefined {
  try {
    return parseOptions(args, names);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    process.exitCode = 2;
    return undefined;
  }
}

async function bench(options: BenchOptions): Promise<void> {
  const { quick, write, keep, names: wanted } = options;
  const isWanted = (name: string): boolean => wanted.length === 0 || wanted.includes(name);
  const sections: string[] = [];
  const tell = (section: string): void => {
    sections.push(section);
    console.log(`${section}\n`);
  };
  await using workshop = await openWorkshop(keep);
  tell(await heading(args, allPeers(workshop)));
  if (isWanted('memory')) {
    const proven = await proveMemory(workshop, quick);
    tell(memorySection(proven));
    if (proven.some(({ holds }) => !holds)) process.exitCode = 1;
  }
  const scenarios = allScenarios.filter(({ name }) => isWanted(name));
  if (scenarios.length > 0) await compare(scenarios, workshop, options, tell);
  if (isWanted('calls')) tell(await callsSection(workshop));
  if (isWanted('command')) tell(await commandSection(workshop));
  if (isWanted('list-rows')) tell(await listRowsSection(workshop));
  if (isWanted('worst-lines')) tell(worstLinesSection());
  if (isWanted('bundle')) tell(await bundleSection(workshop));
  tell(`Load at the end: ${loadNow()}.`);
  if (write) await writeResults(inCheckout('bench/RESULTS.md'), sections.join('\n\n'));
}

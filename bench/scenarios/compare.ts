/** Runs the scenarios one by one, each against each of its servers, and tells what they come to. */
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServerName } from '../../spec/support/real-servers/real-server.js';
import { Hall, type Venue } from '../lab/hall.js';
import type { Workshop } from '../lab/workshop.js';
import { measureRun } from '../measure/measure-run.js';
import { spreadOf } from '../measure/statistics.js';
import type { BenchOptions } from '../options.js';
import { allPeers } from '../peers/all-peers.js';
import { findingSection, verdictSection } from '../report/findings.js';
import { type Finding, type Program, runScenario } from './run-scenario.js';
import type { Scenario } from './scenario.js';

export async function compare(
  scenarios: readonly Scenario[],
  workshop: Workshop,
  options: BenchOptions,
  tell: (section: string) => void,
): Promise<void> {
  const where = { root: join(workshop.directory, 'root'), here: join(workshop.directory, 'here') };
  // Servers come here as another user.
  await chmod(workshop.directory, 0o755);
  for (const directory of [where.root, where.here]) await mkdir(directory);
  await using hall = new Hall(where.root, workshop.directory, workshop.tool('netdelay'));
  const { rounds, quick } = options;
  const nodeStart = await measureNodeStart(workshop, rounds);
  const program: Program = { workshop, hall, peers: allPeers(workshop), where, rounds, quick, nodeStart };
  const findings: Finding[] = [];
  for (const scenario of scenarios) {
    for await (const venue of venuesOf(scenario, hall, options.servers, tell)) {
      const finding = await runScenario(scenario, venue, program);
      findings.push(finding);
      tell(findingSection(finding));
    }
  }
  tell(`### to be reached\n\n${verdictSection(findings)}`);
}

/** Each of the scenario's servers, or none where it needs none; what cannot be had here is said, and skipped. */
async function* venuesOf(
  { title, link, servers, tls = false }: Scenario,
  hall: Hall,
  asked: readonly ServerName[] | undefined,
  tell: (section: string) => void,
): AsyncGenerator<Venue | undefined> {
  if (link === undefined) yield undefined;
  else {
    for (const name of asked ?? servers) {
      const wish = { name, link, tls };
      const missing = hall.missing(wish);
      if (missing === undefined) yield await hall.venue(wish);
      else tell(`### ${title}: ${name}\n\nSkipped: ${missing}.`);
    }
  }
}

async function measureNodeStart(workshop: Workshop, rounds: number): Promise<number> {
  const measurer = { timed: workshop.tool('timed'), directory: workshop.directory, prefix: [] };
  const walls: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    walls.push((await measureRun(measurer, [process.execPath, '-e', '0'])).wall);
  }
  return spreadOf(walls).median;
}

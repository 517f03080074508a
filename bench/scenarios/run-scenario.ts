/** Runs one scenario against one server: its stage, its contenders, its rounds, and their results. */
import { abilities } from '../../spec/support/real-servers/installed.js';
import type { Hall, Venue } from '../lab/hall.js';
import type { Workshop } from '../lab/workshop.js';
import { measureRun } from '../measure/measure-run.js';
import { type Entrant, runRounds } from '../measure/rounds.js';
import { type Standing, standingOf } from '../measure/standing.js';
import type { Peer, Variant } from '../peers/peer.js';
import type { Task } from '../programs/task.js';
import type { Verdict } from './goal.js';
import type { Scenario, Size } from './scenario.js';
import { type StageDirectories, setStage } from './stage.js';
import { warmMemory } from './warm-memory.js';

/** What all scenarios of a run share. */
export interface Program {
  readonly workshop: Workshop;
  readonly hall: Hall;
  readonly peers: readonly Peer[];
  readonly where: StageDirectories;
  readonly rounds: number;
  readonly quick: boolean;
  /** Median seconds that `node -e 0` takes. */
  readonly nodeStart: number;
}

export interface Finding {
  readonly scenario: Scenario;
  readonly size: Size;
  /** The server's name; `undefined` without one. */
  readonly server: string | undefined;
  readonly standings: readonly Standing[];
  readonly verdicts: readonly Verdict[];
}

/** `venue` is where the server is; without one nothing but the processor is needed. */
export async function runScenario(scenario: Scenario, venue: Venue | undefined, program: Program): Promise<Finding> {
  const size = program.quick ? scenario.quickSize : scenario.size;
  const common = { ...accessTo(venue), ...size, sessions: scenario.sessions };
  const { workshop } = program;
  const measurer = {
    timed: workshop.tool('timed'),
    directory: workshop.directory,
    prefix: venue?.network.clientPrefix ?? [],
  };
  const entrantOf = ({ label, command }: Variant): Entrant => ({
    label,
    async run() {
      const { remote, local, leaves, strike } = await setStage(scenario.task, size, program.where);
      await venue?.server.adopt();
      await warmMemory(workshop.directory, leaves);
      const task = { ...common, remote: `${homeOf(venue)}${remote}`, local };
      const measured = await measureRun(measurer, command(task));
      await strike();
      return measured;
    },
  });
  const variants = program.peers
    .flatMap((peer) => peer.variants(scenario.task, common))
    .filter(({ label }) => scenario.without?.includes(label) !== true);
  const entrants = [...variants, ...(scenario.bareNode === true ? bareNodes(workshop) : [])].map(entrantOf);
  const outcomes = await runRounds(entrants, program.rounds);
  const standings = outcomes.map((outcome) => standingOf(outcome, (run) => scenario.unit.of(run, size)));
  return {
    scenario,
    size,
    server: venue?.server.name,
    standings,
    verdicts: judge(scenario, standings, program.nodeStart),
  };
}

type Access = Pick<Task, 'host' | 'port' | 'user' | 'password' | 'ca' | 'mlst'>;

function accessTo(venue: Venue | undefined): Access {
  if (venue === undefined) return { host: '', port: 0, user: '', password: '' };
  const { name, host, port, user, password } = venue.server;
  const ca = venue.ca === undefined ? {} : { ca: venue.ca };
  return { host, port, user, password, ...ca, mlst: abilities[name].mlsd };
}

/** What comes before a path of the stage, on a server that keeps the system's root. */
function homeOf(venue: Venue | undefined): string {
  const { home = '/' } = venue?.server ?? {};
  return home === '/' ? '' : home;
}

function bareNodes(workshop: Workshop): readonly Variant[] {
  const script = workshop.script('bench/programs/rxftp/import-rxjs.ts');
  return [
    { label: 'node -e 0', command: () => [process.execPath, '-e', '0'] },
    { label: 'node, rxjs imported', command: () => [process.execPath, script] },
  ];
}

function judge(scenario: Scenario, standings: readonly Standing[], nodeStart: number): readonly Verdict[] {
  const of = (label: string): Standing | undefined => standings.find((standing) => standing.label === label);
  return scenario.goals.map((goal) => goal({ of, nodeStart }));
}

/** Defines one measurement: a task, its place and size, its unit, and its goals. */
import type { ServerName } from '../../spec/support/real-servers/real-server.js';
import type { Link } from '../lab/network.js';
import type { Measured } from '../measure/measure-run.js';
import type { TaskName } from '../peers/peer.js';
import type { Goal } from './goal.js';

export interface Size {
  /** Of each file. */
  readonly bytes: number;
  readonly count: number;
  /** Of a tree: in how many directories they are. Default 100. */
  readonly directories?: number;
  /** How many of them are for who waits for each reply: what a command costs then does not depend on how many there are. */
  readonly lockStep?: number;
  /** How often the same is done in the process before it is measured. */
  readonly before?: number;
}

export interface Unit {
  readonly name: string;
  readonly digits: number;
  of(run: Measured, size: Size): number;
}

export interface Scenario {
  /** For the command line. */
  readonly name: string;
  readonly title: string;
  readonly task: TaskName;
  /** `undefined`: no server takes part. */
  readonly link?: Link;
  /** Those it runs against unless others are asked for. */
  readonly servers: readonly ServerName[];
  readonly tls?: boolean;
  readonly sessions: number;
  readonly size: Size;
  /** What `--quick` does instead. */
  readonly quickSize: Size;
  readonly unit: Unit;
  readonly goals: readonly Goal[];
  /** Labels of those that are left out, where they would only show again what another scenario does. */
  readonly without?: readonly string[];
  /** Node without anything takes part, and Node with rxjs, which whoever uses this library has anyway. */
  readonly bareNode?: boolean;
}

/** What the program measures itself. */
export const innerSeconds: Unit = { name: 's', digits: 3, of: ({ inner = Number.NaN }) => inner };

/** The whole process. */
export const wallSeconds: Unit = { name: 'wall s', digits: 3, of: ({ wall }) => wall };

/**
 * Plays a script of steps to a lane, one a line, and writes down who holds a lease after each:
 *
 *     enter a b!   → a
 *     release a    → b
 *
 * A name alone asks for a shared lease of 10 bytes, `a:40` for one of 40, `b!` for an exclusive one. `leave` means that the subscriber
 * unsubscribes, `turn` lets one turn of the event loop pass. Behind a comma there may be more: `open` or `full` (whether a shared lease
 * would be granted at once), `idle` or `in use`, and how many had to wait so far: `2 waited`. A fact that a line does not name is not
 * compared.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Lane, type LeaseKind, type SharedLease } from '../../../lib/control/lane.js';
import type { FtpError } from '../../../lib/errors.js';

/** The bytes of a shared lease. */
export const SHARED: SharedLease = { bytes: 10 };

/** A lane whose leases have names. It tells which are held, which were refused, and how often it was free or a lease had to wait. */
export class NamedLane {
  readonly held = new Map<string, () => void>();
  readonly refused = new Map<string, FtpError>();
  readonly lane: Lane;
  free = 0;
  waited = 0;
  readonly #leave = new Map<string, () => void>();

  constructor(commands: number, bytes = 1000) {
    this.lane = new Lane(
      () => {
        this.free += 1;
      },
      () => {
        this.waited += 1;
      },
    );
    this.lane.window.limits = { commands, bytes };
  }

  enter(name: string, kind: LeaseKind): void {
    const leave = this.lane.enter(
      kind,
      (release) => this.held.set(name, release),
      (cause) => this.refused.set(name, cause),
    );
    this.#leave.set(name, leave);
  }

  release(name: string): void {
    const release = this.held.get(name);
    if (release === undefined) throw new Error(`${name} holds no lease`);
    this.held.delete(name);
    release();
  }

  leave(name: string): void {
    const leave = this.#leave.get(name);
    if (leave === undefined) throw new Error(`${name} has not asked for a lease`);
    leave();
  }

  get holders(): string[] {
    return [...this.held.keys()];
  }

  /** Gives the script with what has really come of each step, to be compared with it. */
  async play(script: string): Promise<string[]> {
    const lines: string[] = [];
    for (const line of stepsOf(script)) {
      const [step = '', outcome] = line.split(' → ');
      const [verb = '', ...names] = step.split(' ');
      await this.#do(verb, names);
      lines.push(outcome === undefined ? step : `${step} → ${this.#outcome(outcome)}`);
    }
    return lines;
  }

  async #do(verb: string, names: readonly string[]): Promise<void> {
    if (verb === 'turn') await nextTurn();
    else if (verb === 'enter') for (const name of names) this.enter(name.replace(/!|:.*/, ''), kindOf(name));
    else if (verb === 'release') for (const name of names) this.release(name);
    else if (verb === 'leave') for (const name of names) this.leave(name);
    else throw new Error(`there is no step ${verb}`);
  }

  /** As the script tells it: the holders, and what else it names. */
  #outcome(told: string): string {
    const [, ...more] = told.split(', ');
    return [this.holders.join(' ') || 'nobody', ...more.map((what) => this.#told(what))].join(', ');
  }

  #told(what: string): string {
    if (what === 'open' || what === 'full') return this.lane.admits(SHARED) ? 'open' : 'full';
    if (what === 'idle' || what === 'in use') return this.lane.idle ? 'idle' : 'in use';
    if (/^\d+ waited$/.test(what)) return `${this.waited} waited`;
    throw new Error(`nothing is known of ${what}`);
  }
}

/** The lines of a script, however it is laid out. */
export function stepsOf(script: string): string[] {
  const lines = script.trim().split('\n');
  return lines.map((line) => line.trim().replaceAll(/ +/g, ' '));
}

function kindOf(name: string): LeaseKind {
  if (name.endsWith('!')) return 'exclusive';
  const [, bytes] = name.split(':');
  return bytes === undefined ? SHARED : { bytes: Number(bytes) };
}

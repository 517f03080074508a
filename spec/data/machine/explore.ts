/** Tells every step at every wait, breadth first, so that a counterexample is as short as can be. */
import { sameTurnSteps, stepsFrom } from './alphabet.js';
import { invariants } from './invariants.js';
import { Model, type Setup, type Step, type Subject } from './model.js';
import { wayOut } from './way-out.js';

export interface Fault {
  readonly rule: string;
  readonly setup: string;
  /** The shortest way to it. */
  readonly steps: string;
}

export interface Exploration {
  readonly states: number;
  readonly transitions: number;
  /** How many states were found at each wait, and at each end. */
  readonly places: ReadonlyMap<string, number>;
  /** `wait --step--> wait`. */
  readonly edges: ReadonlySet<string>;
  readonly faults: readonly Fault[];
}

export function name({ kind, isActive, isDoubtful, isRanged, hasLeft, asksNoPort, noops, known = {} }: Setup): string {
  const words = [
    kind.isListing ? 'listing' : kind.direction,
    kind.isSecure ? 'TLS' : 'clear',
    isActive ? 'active' : 'passive',
    ...(isDoubtful ? ['behind an odd reply'] : []),
    ...(isRanged ? ['a range'] : []),
    ...(hasLeft === true ? ['left before'] : []),
    ...(asksNoPort === true ? ['no early port'] : []),
    ...(noops === undefined ? [] : [`${noops} NOOPs`]),
    ...(kind.withoutPwd ? ['no PWD'] : []),
    ...Object.keys(known),
  ];
  return words.join(', ');
}

export function nameOf(step: Step): string {
  if (step.type === 'reply') return `${step.reply.code}${step.isOdd ? '?' : ''}`;
  if (step.type === 'decided') return `decided ${step.final.code}`;
  return step.type === 'data-error' && step.isAttack ? 'attack' : step.type;
}

/** Explores one kind of transfer: all of it, or up to the first fault. */
export function explore(subject: Subject, setup: Setup, stopsAtFault = false): Exploration {
  const explorer = new Explorer(subject, setup);
  explorer.begin();
  for (let open: readonly Way[] = [[]]; open.length > 0; ) {
    open = open.flatMap((way) => explorer.goOn(way));
    if (stopsAtFault && explorer.faults.size > 0) break;
  }
  const { seen, transitions, places, edges, faults } = explorer;
  return { states: seen.size, transitions, places, edges, faults: [...faults.values()] };
}

/** Steps from the start, the turns of the script left out. */
type Way = readonly (readonly Step[])[];

const TURN: Step = { type: 'turn' };
const rules = Object.entries(invariants);

class Explorer {
  readonly seen = new Set<string>();
  readonly places = new Map<string, number>();
  readonly edges = new Set<string>();
  readonly faults = new Map<string, Fault>();
  transitions = 0;
  readonly #subject: Subject;
  readonly #setup: Setup;

  constructor(subject: Subject, setup: Setup) {
    this.#subject = subject;
    this.#setup = setup;
  }

  /** The state before any step. */
  begin(): void {
    const model = this.#replay([]);
    if (this.#isNew(model)) this.#lookAt(model, []);
  }

  /** The ways by one step more, to states that were not seen before and are no end. */
  goOn(way: Way): readonly Way[] {
    const here = this.#replay(way);
    const found: Way[] = [];
    for (const step of stepsFrom(here)) {
      const model = this.#replay(way);
      model.take(step);
      const seconds = model.runner.isReady ? sameTurnSteps(model) : [];
      model.take(TURN);
      if (this.#arrive(here.place, model, way, [step])) found.push([...way, [step]]);
      for (const second of seconds) {
        const turn = [step, second];
        if (this.#arrive(here.place, this.#replay([...way, turn]), way, turn)) found.push([...way, turn]);
      }
    }
    return found;
  }

  /** True where a turn has led to a new state that is no end. Uses the model up. */
  #arrive(from: string, model: Model, way: Way, turn: readonly Step[]): boolean {
    this.transitions += 1;
    this.edges.add(`${from} --${turn.map(nameOf).join('+')}--> ${model.place}`);
    if (!this.#isNew(model)) return false;
    const goesOn = model.runner.ending === undefined;
    this.#lookAt(model, [...way, turn]);
    return goesOn;
  }

  #isNew(model: Model): boolean {
    const state = stateOf(model);
    if (this.seen.has(state)) return false;
    this.seen.add(state);
    this.places.set(model.place, (this.places.get(model.place) ?? 0) + 1);
    return true;
  }

  /** Holds the rules against where a way has led. Uses the model up. */
  #lookAt(model: Model, way: Way): void {
    for (const [rule, holds] of rules) if (!holds(model)) this.#blame(rule, way);
    if (!wayOut(model)) this.#blame('time alone leads to an end', way);
  }

  #blame(rule: string, way: Way): void {
    if (this.faults.has(rule)) return;
    const steps = way.map((turn) => turn.map(nameOf).join('+')).join(' ');
    this.faults.set(rule, { rule, setup: name(this.#setup), steps });
  }

  #replay(way: Way): Model {
    const model = new Model(this.#subject, this.#setup);
    for (const turn of way) {
      for (const step of turn) model.take(step);
      model.take(TURN);
    }
    return model;
  }
}

/** All that decides about what may come. Of the replies to an abort that is the first, and how many there are. */
function stateOf({ facts: f, place, done, expired, bounded, lost, noops }: Model): string {
  const [first] = f.afterAbort;
  const replies = [
    f.preliminary?.code,
    f.final?.class,
    f.held?.code,
    first?.code,
    f.afterAbort.length,
    f.finalsBeforePwd,
    f.noopsSent,
    f.noopsAnswered,
    noops.owed,
  ];
  const flags = [
    ...[f.refused, f.heldEarly, f.deciding, f.connected, f.open, f.handshakeExpectedAt, f.securedAt, f.moved, f.ended],
    ...[f.enough, f.allSent, f.dataError === undefined, f.attacked, f.sourceError === undefined, f.stalled],
    ...[f.heldTooLong, f.portAsked, f.portTold, f.cancelled, f.aborting, f.inStep, bounded, lost],
  ];
  return [place, ...replies, ...flags, [...done].sort().join(), [...expired].sort().join()].join('|');
}

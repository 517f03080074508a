/**
 * The model: which states a client may be in, from one operation to the next, and whether what was seen of each operation
 * fits one of them.
 *
 * An operation acts in the state that the changes before it have left. A change that was cancelled, or lost with its
 * session, leaves two states that are possible; what is seen of the operations behind it decides.
 */

import { directories, initialState, type State } from './places.js';
import { breaksSomething, type Program } from './program.js';
import type { Run } from './run.js';
import type { Target, Told } from './target.js';
import type { Mark, Outcome } from './verb.js';
import { verbOf } from './verbs/index.js';

/** The known facts of an operation after the run. */
interface Seen {
  readonly run: Run;
  readonly marks: ReadonlyMap<string, Mark>;
  readonly told: readonly Told[] | undefined;
}

/** The fault; undefined if everything fits. */
export async function judge(program: Program, runs: readonly Run[], target: Target): Promise<string | undefined> {
  const mayBreak = breaksSomething(program);
  const seen: Seen[] = [];
  let states: readonly State[] = [initialState];
  for (const run of runs) {
    const one = { run, marks: await marksOf(run, target), told: target.told(run.at.id) };
    const fault = impossible(one, mayBreak) ?? tooEarly(one, seen);
    if (fault !== undefined) return `${named(run)}: ${fault}`;
    const next = states.flatMap((state) => after(one, state));
    if (next.length === 0) return `${named(run)}: ${unexpected(one, states)}`;
    states = different(next);
    seen.push(one);
  }
  return undefined;
}

export function named({ at, verb }: Run): string {
  return `${at.id} ${verbOf(verb).say(at)}`;
}

async function marksOf({ verb, at }: Run, target: Target): Promise<ReadonlyMap<string, Mark>> {
  const { mark } = verbOf(verb);
  const marks = new Map<string, Mark>();
  if (mark === undefined) return marks;
  for (const directory of directories) {
    const path = `${directory === '/' ? '' : directory}/${at.id}`;
    const found = mark(at, directory, await target.find(path), await target.find(`${path}-new`));
    if (found !== 'none') marks.set(directory, found);
  }
  return marks;
}

/** The combinations that no state allows. */
function impossible({ run, told }: Seen, mayBreak: boolean): string | undefined {
  if (run.end === 'forgotten') return 'it has never ended';
  if (run.end === 'odd' || (run.end === 'lost' && !mayBreak)) return `it has failed: ${String(run.error)}`;
  if (run.end === 'unsent' && told !== undefined && told.length > 0)
    return 'its subscriber left at once, and it was sent';
  return undefined;
}

/** Whether it was sent before a change that had come before it was answered. */
function tooEarly({ told }: Seen, before: readonly Seen[]): string | undefined {
  const first = told?.[0];
  if (first === undefined) return undefined;
  const change = before.find((one) => {
    const sent = one.told?.[0];
    return verbOf(one.run.verb).changes === true && sent !== undefined && !sent.cut && sent.answeredAt > first.at;
  });
  return change && `it was sent before ${named(change.run)} was answered`;
}

/** The states that may follow one in which all that was seen makes sense; none where it makes none. */
function after(seen: Seen, state: State): readonly State[] {
  const { run } = seen;
  const outcome = verbOf(run.verb).meets(state, run.at);
  if (!fits(seen, state, outcome)) return [];
  const next = outcome.next ?? state;
  if (run.end === 'unsent' || wasNotSent(seen)) return [state];
  return run.end === 'left' || run.end === 'lost' ? [state, next] : [next];
}

/** A change without a visible command, although its name would show one. */
function wasNotSent({ run, told }: Seen): boolean {
  const { changes, say } = verbOf(run.verb);
  return changes === true && say(run.at).includes(run.at.id) && told?.length === 0;
}

function fits({ run, marks, told }: Seen, state: State, outcome: Outcome): boolean {
  if (told?.some((one) => !actsRightly(one, run, state, outcome)) === true) return false;
  const elsewhere = [...marks].some(([directory, mark]) => directory !== outcome.directory || mark === 'spoilt');
  if (elsewhere || (outcome.shows === undefined && marks.size > 0)) return false;
  return showsRightly(run, outcome) && (run.end !== 'complete' || isPartly(run) || hasLeftItsMark(run, marks, outcome));
}

function showsRightly({ end, shown, step }: Run, { shows, orNothing }: Outcome): boolean {
  if (end === 'refused') return shows === undefined && shown === '';
  if (end === 'unsent') return shown === '';
  if (shows === undefined) return shown === '' && (end !== 'complete' || orNothing === true);
  return end === 'complete' && step.leave === undefined ? shown === shows : shows.startsWith(shown);
}

/** It has completed since its subscriber wanted no more than the first value. */
function isPartly({ step }: Run): boolean {
  return step.leave === 'at the first value';
}

function hasLeftItsMark({ verb }: Run, marks: ReadonlyMap<string, Mark>, { directory }: Outcome): boolean {
  return verbOf(verb).mark === undefined || directory === undefined || marks.get(directory) === 'whole';
}

/** Whether the server was told a command of the operation where the operation belongs. */
function actsRightly(told: Told, { verb }: Run, state: State, { type, facts, skipDirectory }: Outcome): boolean {
  if (told.directory !== state.directory && skipDirectory !== true) return false;
  if (type !== undefined && /^(RETR|STOR|APPE|STOU)$/.test(told.verb) && told.type !== type) return false;
  return facts === undefined || verb === 'entries$' || !/^MLS[DT]$/.test(told.verb) || told.facts === facts;
}

function different(states: readonly State[]): readonly State[] {
  return [...new Map(states.map((state) => [JSON.stringify(state), state])).values()];
}

function unexpected({ run, marks, told }: Seen, states: readonly State[]): string {
  const { error, shown, end } = run;
  const seen = [
    `it ended: ${end}${error === undefined ? '' : ` (${String(error)})`}`,
    ...(shown === '' ? [] : [`it showed ${brief(shown)}`]),
    ...[...marks].map(([directory, mark]) => `its mark is in ${directory} (${mark})`),
    ...(told ?? []).map((one) => `${one.verb} acted in ${one.directory}, type ${one.type}, facts ${one.facts}`),
  ];
  const expected = states.map((state) => {
    const { shows, directory } = verbOf(run.verb).meets(state, run.at);
    const what = shows === undefined ? 'a refusal' : `${brief(shows)} and completion`;
    return `in ${state.directory}, type ${state.type}, facts ${state.facts}: ${what}${directory ? `, at work in ${directory}` : ''}`;
  });
  return [...seen, 'the model allows:', ...expected].join('\n    ');
}

function brief(text: string): string {
  return `'${text.length > 60 ? `${text.slice(0, 60)}...' (${text.length})` : `${text}'`}`;
}

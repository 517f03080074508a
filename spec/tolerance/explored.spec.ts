/**
 * The rule for odd replies, explored: short scripts of operations on three links, with one fault at each place, in virtual
 * time. It is the library's own channel that is explored, not a model of it; only the server is one.
 */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Random } from '../support/random.js';
import { runs, summarize, timeLimitMs } from '../support/trust.js';
import { type Fault, LINKS, type Link, type Operation, type Phase, type Played, play } from './support/explore.js';

const one = (line: string): Operation => ({ name: line, lines: [line] });
const OPERATIONS: readonly Operation[] = [
  ...['SIZE a', 'SIZE b', 'MDTM a', 'PWD', 'MKD new', 'DELE x', 'DELE none', 'CWD sub', 'NOOP'].map(one),
  { name: 'RNFR, RNTO', lines: ['RNFR x', 'RNTO y'] },
  { name: 'RNFR of none, RNTO', lines: ['RNFR none', 'RNTO y'] },
];
const STRAYS = [
  '200 ok',
  '213 77',
  '226 done',
  '250 ok',
  '257 "/evil"',
  '350 go on',
  '150 soon',
  '550 no',
  'no reply',
  '',
];
const PHASES: readonly Phase[] = ['before', 'after', 'early', 'late', 'next', 'quiet'];
const ODD = ['226 odd', '200 odd', '331 odd', '150 odd', '257 odd'];
const TWICE = [0, 10, 40].flatMap((afterMs) => [true, false].map((inTurn) => ({ afterMs, inTurn })));

function faultsOf(script: readonly Operation[]): Fault[] {
  const lines = script.flatMap((operation) => operation.lines);
  return lines.flatMap((line, at): Fault[] => [
    ...STRAYS.flatMap((text) => PHASES.map((phase): Fault => ({ kind: 'stray', at, line: text, phase }))),
    ...ODD.flatMap((text) => [true, false].map((always): Fault => ({ kind: 'odd', at, line: text, always }))),
    { kind: 'missing', at },
    ...TWICE.map((how): Fault => ({ kind: 'twice', verb: line.split(' ')[0] ?? '', ...how })),
  ]);
}

/** The replies that pass for an answer to a verb, written down here once more: what is tested must not judge itself. */
const FORMS: Readonly<Record<string, RegExp>> = {
  ...{ SIZE: /^213 .*\b\d+$/, MDTM: /^213 \d{14}$/, PWD: /^257 "\//, MKD: /^257 "\//, RNFR: /^350/ },
};
const DONE = /^(200|202|250)/;

function fits(line: string, { lines }: Operation): boolean {
  return /^[45]/.test(line) || lines.some((command) => (FORMS[command.split(' ')[0] ?? ''] ?? DONE).test(line));
}

/**
 * Whether nothing but its time could tell a stray line from the answer to `operation`, and its time does not: it came neither
 * behind another reply in one packet, nor too soon, nor in the quiet time after a first use. Nor can a surplus reply be told of a
 * verb that has answered inside a sequence before.
 */
function isAdmitted(
  fault: Fault,
  script: readonly Operation[],
  index: number,
  link: Link,
  commands: readonly string[],
): boolean {
  const operation = script[index];
  if (fault.kind === 'twice') return !link.told && fault.afterMs > 0 && isUsedAgain(script, fault.verb);
  if (fault.kind !== 'stray' || operation === undefined || !fits(fault.line, operation)) return false;
  if (fault.phase === 'after' || (link.told && fault.phase === 'early')) return false;
  return fault.phase !== 'next' || !wasFollowedByQuiet(commands, fault.at);
}

function isUsedAgain(script: readonly Operation[], verb: string): boolean {
  const lines = script.flatMap((operation) => operation.lines);
  return verb === 'RNFR' && lines.filter((line) => line.startsWith(verb)).length > 1;
}

/** Whether the `at`th command ended an operation, and was the first of its verb. */
function wasFollowedByQuiet(commands: readonly string[], at: number): boolean {
  const verbs = commands.map((line) => line.split(' ')[0]);
  return verbs.indexOf(verbs[at]) === at && !(verbs[at] === 'RNFR' && verbs[at + 1] === 'RNTO');
}

/** What was wrong in a run; nothing else than the rule admits, where it is empty. */
function wrongs(script: readonly Operation[], link: Link, fault: Fault, played: Played): string[] {
  const { outcomes, truths, fences, commands } = played;
  const wrong = outcomes.length === script.length ? [] : ['stuck'];
  if (fault.kind === 'none' && fences > 0) wrong.push('a fence without any fault');
  let misledBefore = false;
  script.forEach((operation, index) => {
    const outcome = outcomes[index];
    // The operation that a stray reply has met may be right by chance, and those behind it misled all the same.
    const mayBeMet = fault.kind === 'stray' && played.operationOf[fault.at] === index;
    if (mayBeMet && isAdmitted(fault, script, index, link, commands) && outcome === truths[index]) misledBefore = true;
    if (outcome === truths[index] || outcome === 'unknown' || outcome === 'closed' || misledBefore) return;
    // Its own odd reply, without its value, is a refusal.
    if (fault.kind === 'odd' && (outcome === 'refused' || outcome === 'done' || outcome === fault.line.slice(4)))
      return;
    const admitted = isAdmitted(fault, script, index, link, commands);
    if (admitted) misledBefore = true;
    else wrong.push(`${operation.name} gave ${outcome}, not ${truths[index]}`);
  });
  return wrong;
}

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate', 'performance'],
  });
});

const scripts = OPERATIONS.flatMap((first) => OPERATIONS.map((second) => [first, second, one('SIZE a'), one('PWD')]));

describe('operations on a server without faults', () => {
  it('get their own values, and no fence is ever asked', async () => {
    for (const script of scripts) {
      for (const link of LINKS) {
        const played = await play(script, link, { kind: 'none' });
        expect(played).toMatchObject({ outcomes: played.truths, fences: 0, closed: false });
      }
    }
  });
});

it(
  'operations on a server with one fault are never misled by what can be told, and never stuck',
  async () => {
    const random = new Random(20_261_129);
    const pick = <T>(from: readonly T[]): T => from[random.below(from.length)] as T;
    const count = runs(10_000);
    const tally = { right: 0, unknown: 0, closed: 0, other: 0 };
    for (let run = 0; run < count; run += 1) {
      const script = pick(scripts);
      const link = pick(LINKS);
      const fault = pick(faultsOf(script));
      const played = await play(script, link, fault);
      const found = wrongs(script, link, fault, played);
      const what = `${script.map(({ name }) => name).join('; ')} on a ${link.name} link with ${JSON.stringify(fault)}`;
      expect(found, `${what}: ${played.outcomes.join(', ')}`).toEqual([]);
      for (const [index, outcome] of played.outcomes.entries()) {
        if (outcome === played.truths[index]) tally.right += 1;
        else if (outcome === 'unknown' || outcome === 'closed') tally[outcome] += 1;
        else tally.other += 1;
      }
    }
    summarize(`odd replies explored: ${count} runs with one fault, ${JSON.stringify(tally)}`);
  },
  timeLimitMs(60_000),
);

/**
 * The rule for odd replies, explored: short scripts of operations on three links, with one fault at each place, in virtual
 * time. It is the library's own channel that is explored, not a model of it; only the server is one.
 */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { outcomeOf } from '../../lib/protocol/exchange.js';
import { createReply } from '../../lib/protocol/reply.js';
import { Random } from '../support/random.js';
import { runs, summarize, timeLimitMs } from '../support/trust.js';
import { type Fault, LINKS, type Link, type Operation, type Phase, type Played, play } from './support/explore.js';

const one = (line: string): Operation => ({ name: line, lines: [line] });
const OPERATIONS: readonly Operation[] = [
  ...['SIZE a', 'SIZE b', 'MDTM a', 'PWD', 'MKD new', 'DELE x', 'DELE none', 'CWD sub', 'NOOP'].map(one),
  { name: 'RNFR, RNTO', lines: ['RNFR x', 'RNTO y'] },
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

/** Whether the line passes for an answer to any command of the operation: then nothing but its time could tell. */
function fits(line: string, { lines }: Operation): boolean {
  const code = Number(line.slice(0, 3));
  if (!(code >= 100)) return false;
  const outcome = (command: string): string =>
    outcomeOf(command.split(' ')[0] ?? '', createReply(code, [line.slice(4)]));
  return lines.some((command) => !['odd', 'preliminary'].includes(outcome(command)));
}

/** What was wrong in a run; nothing else than the rule admits, where it is empty. */
function wrongs(
  script: readonly Operation[],
  link: Link,
  fault: Fault,
  { outcomes, truths, fences }: Played,
): string[] {
  const wrong = outcomes.length === script.length ? [] : ['stuck'];
  if (fault.kind === 'none' && fences > 0) wrong.push('a fence without any fault');
  let misledBefore = false;
  script.forEach((operation, index) => {
    const outcome = outcomes[index];
    if (outcome === truths[index] || outcome === 'unknown' || outcome === 'closed' || misledBefore) return;
    // Its own odd reply, without its value, is a refusal.
    if (fault.kind === 'odd' && (outcome === 'refused' || outcome === 'done' || outcome === fault.line.slice(4)))
      return;
    const admitted =
      (fault.kind === 'stray' && fits(fault.line, operation) && !(link.told && fault.phase === 'early')) ||
      // The first surplus reply of a verb that came 40 ms late, on a link on which nothing comes too soon.
      (fault.kind === 'twice' && !link.told && fault.afterMs > 0);
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

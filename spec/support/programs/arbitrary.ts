/** Random programs, as fast-check makes them and makes them shorter. */
import * as fc from 'fast-check';
import type { Operation, Program, Step } from './program.js';
import type { Verb } from './verb.js';
import { verbs } from './verbs/index.js';

export interface Choice {
  /** One of these is the client's `maxSessions`. */
  readonly sessions: readonly [number, ...number[]];
  /** Which verbs the server has. */
  readonly has: (verb: Verb) => boolean;
  /** Paths may lead up: the server keeps every login below its root. */
  readonly up: boolean;
  /** The server can be told to cut a connection at a certain command. */
  readonly cutsAt: boolean;
  readonly maxSteps: number;
}

const below = ['.', 'a', 'b', '/', '/a', '/b/a', '/a/b', 'missing'] as const;
const above = ['..', '../b', '../a/b'] as const;

export function programs(choice: Choice): fc.Arbitrary<Program> {
  const calm = steps(choice, false);
  const pace = fc.integer({ min: 0, max: 2 ** 30 });
  const of = (body: fc.Arbitrary<Step[]>): fc.Arbitrary<Program> =>
    fc.record({ sessions: fc.constantFrom(...choice.sessions), pace, steps: body });
  return fc.oneof({ weight: 3, arbitrary: of(calm) }, { weight: 2, arbitrary: of(steps(choice, true)) });
}

function steps(choice: Choice, breaking: boolean): fc.Arbitrary<Step[]> {
  const { cutsAt, maxSteps } = choice;
  const operation = operations(choice, breaking);
  const back = fc.nat({ max: 6 });
  const leave = fc.oneof(
    { weight: 16, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constant('at once' as const) },
    { weight: 1, arbitrary: fc.constant('at the first value' as const) },
  );
  const cut = fc.oneof(
    { weight: 20, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constantFrom('before it acts' as const, 'before it answers' as const) },
  );
  const start = fc
    .record({ operation, leave, cut: breaking && cutsAt ? cut : fc.constant(undefined) })
    .map((fields): Step => ({ do: 'start', ...fields }));
  const step = fc.oneof(
    { weight: 40, arbitrary: start },
    { weight: 5, arbitrary: back.map((back): Step => ({ do: 'await', back })) },
    { weight: 10, arbitrary: fc.integer({ min: 1, max: 12 }).map((turns): Step => ({ do: 'turns', turns })) },
    { weight: 6, arbitrary: back.map((back): Step => ({ do: 'leave', back })) },
    { weight: breaking ? 1 : 0, arbitrary: fc.nat({ max: 3 }).map((nth): Step => ({ do: 'cut', nth })) },
  );
  return fc.array(step, { minLength: 1, maxLength: maxSteps, size: 'max' });
}

function operations({ has, up }: Choice, breaking: boolean): fc.Arbitrary<Operation> {
  const usable = Object.entries(verbs).filter(
    ([name, verb]) => has(verb) && (up || name !== 'cdup$') && (breaking || name !== 'abor$'),
  );
  const verb = fc.oneof(...usable.map(([name, { weight = 1 }]) => ({ weight, arbitrary: fc.constant(name) })));
  const where = fc.constantFrom(...below, ...(up ? above : []));
  return fc.record({ verb, where: fc.oneof(fc.constant('.'), where), variant: fc.nat({ max: 5 }) });
}

/** Makes one mistake in the scripts, or in their facts. */
import type { Facts, record } from '../../../lib/data/machine/facts.js';
import type { Act, Effect, Next, Outcome, Part, Script, Terms, Wait } from '../../../lib/data/machine/script.js';
import { transfer } from '../../../lib/data/machine/transfer-script.js';
import { type Setup, type Subject, subject } from './model.js';

/** By the mistake; and the kind of transfer in which it shows, where that is not a listing. */
export type Mutants = Readonly<Record<string, readonly [Subject, Setup?]>>;

type Step = Effect | Wait;

/** What is done, or waited for, in place of a step; nothing, where it is left out. Before an effect and behind it nothing can wait. */
type Change = (step: Step, facts: Facts) => readonly Step[];

function* changed(script: Next, facts: Facts, act: Act, change: Change): Script<Outcome> {
  const waits = whole(script);
  let result = waits.next(true);
  while (result.done !== true) {
    try {
      let answer = true;
      for (const step of change(result.value, facts)) answer = 'do' in step ? act(step) : yield step;
      result = waits.next(answer);
    } catch (error) {
      result = waits.throw(error);
    }
  }
  return result.value;
}

/** All parts of a script, in one. */
export function* whole(script: Next): Script<Outcome> {
  let next = script;
  while (typeof next !== 'string' && 'next' in next) next = yield* next;
  return next;
}

export const withScript = (change: Change): Subject => ({
  ...subject,
  script: (facts: Facts, terms: Terms, act: Act) => {
    const actOtherwise: Act = (effect) => {
      let answer = true;
      for (const step of change(effect, facts)) {
        if ('wait' in step) throw new Error(`nothing can wait at ${effect.do}`);
        answer = act(step);
      }
      return answer;
    };
    return changed(transfer(facts, terms, actOtherwise), facts, act, change);
  },
});

export const withOutcome = (change: (outcome: Outcome, facts: Facts) => Outcome): Subject => ({
  ...subject,
  script: function* (facts: Facts, terms: Terms, act: Act): Part {
    return change(yield* whole(transfer(facts, terms, act)), facts);
  },
});

export const withRecord = (change: (...args: Parameters<typeof record>) => ReturnType<typeof record>): Subject => ({
  ...subject,
  record: change,
});

export const isEffect = (step: Step, name: string): boolean =>
  'do' in step && (step.do === name || (step.do === 'send' && step.line === name));
export const isWait = (step: Step, name: string): step is Wait => 'wait' in step && step.wait === name;

export const without = (name: string): Subject =>
  withScript((step) => (isEffect(step, name) || isWait(step, name) ? [] : [step]));
export const changing = (name: string, change: (wait: Wait, facts: Facts) => Wait): Subject =>
  withScript((step, facts) => [isWait(step, name) ? change(step, facts) : step]);

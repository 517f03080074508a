/** Makes one mistake in the scripts, or in their facts. */
import type { Facts, record } from '../../../lib/data/machine/facts.js';
import type { Effect, Outcome, Script, Terms, Wait } from '../../../lib/data/machine/script.js';
import { transfer } from '../../../lib/data/machine/transfer-script.js';
import { type Setup, type Subject, subject } from './model.js';

/** By the mistake; and the kind of transfer in which it shows, where that is not a listing. */
export type Mutants = Readonly<Record<string, readonly [Subject, Setup?]>>;

type Step = Effect | Wait;

/** What is yielded in place of a step; nothing, where it is left out. */
type Change = (step: Step, facts: Facts) => readonly Step[];

function* changed(script: Script<Outcome>, facts: Facts, change: Change): Script<Outcome> {
  let result = script.next(true);
  while (result.done !== true) {
    try {
      let answer = true;
      for (const step of change(result.value, facts)) answer = yield step;
      result = script.next(answer);
    } catch (error) {
      result = script.throw(error);
    }
  }
  return result.value;
}

export const withScript = (change: Change): Subject => ({
  ...subject,
  script: (facts: Facts, terms: Terms) => changed(transfer(facts, terms), facts, change),
});

export const withOutcome = (change: (outcome: Outcome, facts: Facts) => Outcome): Subject => ({
  ...subject,
  script: function* (facts: Facts, terms: Terms): Script<Outcome> {
    return change(yield* transfer(facts, terms), facts);
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

/** Scripts and facts with one mistake each, every one of which the explorer has to find. */
import { type Facts, record } from '../../../lib/data/machine/facts.js';
import type { Effect, Outcome, Script, Terms, Wait } from '../../../lib/data/machine/script.js';
import { transfer } from '../../../lib/data/machine/transfer-script.js';
import type { Setup, Subject } from './model.js';
import { download, secured, upload } from './setups.js';

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

const withScript = (change: Change): Subject => ({
  script: (facts: Facts, terms: Terms) => changed(transfer(facts, terms), facts, change),
  record,
});

const withOutcome = (change: (outcome: Outcome, facts: Facts) => Outcome): Subject => ({
  script: function* (facts: Facts, terms: Terms): Script<Outcome> {
    return change(yield* transfer(facts, terms), facts);
  },
  record,
});

const withRecord = (change: (...args: Parameters<typeof record>) => ReturnType<typeof record>): Subject => ({
  script: transfer,
  record: change,
});

const isEffect = (step: Step, name: string): boolean =>
  'do' in step && (step.do === name || (step.do === 'send' && step.line === name));
const isWait = (step: Step, name: string): step is Wait => 'wait' in step && step.wait === name;

const without = (name: string): Subject =>
  withScript((step) => (isEffect(step, name) || isWait(step, name) ? [] : [step]));
const changing = (name: string, change: (wait: Wait, facts: Facts) => Wait): Subject =>
  withScript((step, facts) => [isWait(step, name) ? change(step, facts) : step]);

const RESET: Effect = { do: 'reset' };

/** By the mistake; and the kind of transfer in which it shows, where that is not a listing. */
export const mutants: Readonly<Record<string, readonly [Subject, Setup?]>> = {
  'resets before ABOR': [withScript((step) => (isEffect(step, 'ABOR') ? [RESET, step] : [step]))],
  'aborts without a time limit': [without('bound')],
  'aborts without ABOR': [without('ABOR')],
  'does not reset': [without('reset')],
  'reads to no sentinel': [without('PWD')],
  'does not wait for the sentinel': [without('the answer to PWD')],
  'aborts before the transfer has begun': [without('the start')],
  'resets within a handshake': [without('the handshake'), secured(download)],
  'breaks a listing off at once': [without('the end of the listing')],
  'keeps the connection of an upload that may be queued': [without('give-up'), upload],
  'is complete without the final reply': [without('the final reply')],
  'does not rest': [without('rest')],
  'waits for a late reply without end': [changing('the beginning', (wait) => ({ ...wait, ms: undefined }))],
  'waits for a late final reply without end': [changing('the final reply', (wait) => ({ ...wait, ms: undefined }))],
  'does not look whether the user has left': [
    changing('the final reply', (wait, facts) => ({
      ...wait,
      holds: () => facts.final !== undefined,
    })),
  ],
  'aborts while a fence decides': [without('the fence')],
  'is complete behind a cancel': [withOutcome((outcome) => (outcome === 'left' ? 'complete' : outcome))],
  'takes a stall for the end': [
    withOutcome((outcome) => (typeof outcome !== 'string' && outcome.failed === 'stalled' ? 'complete' : outcome)),
  ],
  'takes any refusal for the answer to PWD': [
    withRecord((facts, event) => {
      const verdict = record(facts, event);
      if (event.type === 'reply' && facts.finalsBeforePwd !== undefined && event.reply.class === 5) {
        (facts as { inStep: boolean }).inStep = true;
      }
      return verdict;
    }),
  ],
  'takes the next reply for the answer to PWD': [
    withRecord((facts, event) => {
      const verdict = record(facts, event);
      if (event.type === 'reply' && facts.finalsBeforePwd !== undefined) (facts as { inStep: boolean }).inStep = true;
      return verdict;
    }),
  ],
  'takes a refusal for success': [
    withRecord((facts, event) => {
      const verdict = record(facts, event);
      (facts as { refused: boolean }).refused = false;
      return verdict;
    }),
  ],
  'asks for the next port before the data is over': [
    withScript((step) => (isWait(step, 'the end of the data') ? [{ do: 'ask-port-early' }, step] : [step])),
  ],
};

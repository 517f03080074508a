/** Scripts and facts with one mistake each, every one of which the explorer has to find. */
import { record } from '../../../lib/data/machine/facts.js';
import type { Effect } from '../../../lib/data/machine/script.js';
import { mutantsOfAbort, mutantsOfBeginning, mutantsOfEnd } from './more-mutants.js';
import { mutantsOfKeepAlive } from './mutants-of-keep-alive.js';
import { changing, isEffect, isWait, type Mutants, withOutcome, without, withRecord, withScript } from './mutating.js';
import { download, secured, upload } from './setups.js';

const RESET: Effect = { do: 'reset' };

/** By the mistake; and the kind of transfer in which it shows, where that is not a listing. */
export const mutants: Mutants = {
  'resets before ABOR': [withScript((step) => (isEffect(step, 'ABOR') ? [RESET, step] : [step]))],
  'aborts without a time limit': [without('bound')],
  'limits what follows an abort': [without('unbound'), download],
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
  ...mutantsOfBeginning,
  ...mutantsOfAbort,
  ...mutantsOfEnd,
  ...mutantsOfKeepAlive,
};

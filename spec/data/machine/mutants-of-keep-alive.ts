/** Mistakes in how NOOPs keep a transfer's control connection alive. */
import type { Facts } from '../../../lib/data/machine/facts.js';
import { record } from '../../../lib/data/machine/facts.js';
import { mayKeepAlive } from '../../../lib/data/machine/keep-alive.js';
import type { TransferEvent } from '../../../lib/data/machine/script.js';
import { type Subject, subject } from './model.js';
import { changing, isWait, type Mutants, without, withRecord, withScript } from './mutating.js';
import { kept, plain, upload } from './setups.js';

const keeping = (mayKeep: (facts: Facts) => boolean): Subject => ({ ...subject, mayKeepAlive: mayKeep });

/** Records the event as if it were that of a transfer without NOOPs. */
const blindly = (facts: Facts, event: TransferEvent): ReturnType<typeof record> => {
  const counts = facts as { noopsSent: number };
  const sent = counts.noopsSent;
  counts.noopsSent = 0;
  const verdict = record(facts, event);
  counts.noopsSent += sent;
  return verdict;
};
const isRefusal = (event: TransferEvent): boolean => event.type === 'reply' && event.reply.class === 5;

export const mutantsOfKeepAlive: Mutants = {
  'sends a NOOP before the transfer has begun': [
    keeping((facts) => facts.final === undefined && !facts.cancelled && !facts.aborting && !facts.deciding),
    kept(upload),
  ],
  'sends a NOOP behind the final reply': [
    keeping((facts) => mayKeepAlive({ ...facts, final: undefined })),
    kept(plain),
  ],
  'sends a NOOP behind ABOR': [
    keeping((facts) => mayKeepAlive({ ...facts, aborting: false, cancelled: false })),
    kept(plain),
  ],
  'sends a NOOP while a fence decides': [keeping((facts) => mayKeepAlive({ ...facts, deciding: false })), kept(plain)],
  'takes every reply for the transfer’s': [withRecord(blindly), kept(plain)],
  'takes the refusal of a NOOP for the transfer’s': [
    withRecord((facts, event) => (isRefusal(event) ? blindly : record)(facts, event)),
    kept(plain),
  ],
  'takes the answer to a NOOP for one to ABOR': [
    withRecord((facts, event) => (facts.aborting ? blindly : record)(facts, event)),
    kept(plain),
  ],
  'forgets the NOOPs that the final reply leaves unanswered': [
    withRecord((facts, event) => {
      const verdict = record(facts, event);
      return verdict === 'fence' ? 'over' : verdict;
    }),
    kept(plain),
  ],
  'asks a fence behind every final reply': [
    withRecord((facts, event) => {
      const verdict = record(facts, event);
      return verdict === 'over' ? 'fence' : verdict;
    }),
    kept(plain),
  ],
  'asks for a port though NOOPs are sent': [
    withScript((step) => (isWait(step, 'the final reply') ? [{ do: 'ask-port-early' }, step] : [step])),
    kept(plain),
  ],
  'decides about a NOOP’s second answer at once': [without('more than an answer to NOOP'), kept(plain)],
  'waits for more than an answer to NOOP without end': [
    changing('more than an answer to NOOP', (wait) => ({ ...wait, ms: undefined })),
    kept(plain),
  ],
};

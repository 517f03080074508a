/** Lists the rules for NOOPs that keep the control connection of a transfer alive. */
import { mayAnswerNoop, unanswered } from '../../../lib/data/machine/noops.js';
import { hasTimedOut, type Rules } from './rules.js';

export const rulesOfKeepAlive: Rules = {
  'a NOOP goes out in a transfer that has begun, up to its final reply, a fence or an abort': (model) =>
    !model.has('NOOP out of place'),

  'each reply that may be a NOOP’s is counted for one while one is unanswered, and none else': ({ facts, noops }) =>
    unanswered(facts) === noops.owed,

  'a reply that may be a NOOP’s ends no transfer, unless a fence has decided': ({ facts }) => {
    const { final, noopsSent, deciding } = facts;
    return noopsSent === 0 || final === undefined || !mayAnswerNoop(final) || deciding;
  },

  'a final reply that leaves NOOPs unanswered is followed by a fence, and no other': (model) =>
    model.noops.left === model.has('fence of the line'),

  'the replies to an abort are those that are no NOOP’s': ({ facts, noops }) =>
    facts.afterAbort.length === noops.aborted,

  'no port is asked for early where NOOPs are sent': (model) =>
    model.setup.noops === undefined || !model.has('ask-port-early'),

  'a fence decides about what may be a NOOP’s second answer when the final reply had its time': (model) => {
    const { deciding, held, noopsSent } = model.facts;
    if (!deciding || noopsSent === 0 || held === undefined || !mayAnswerNoop(held)) return true;
    return hasTimedOut(model, 'more than an answer to NOOP');
  },
};

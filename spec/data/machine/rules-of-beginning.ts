/** Lists the rules for the beginning of a transfer. Facts do not change back: so what holds when an effect is done holds behind it. */
import { hasReplied } from '../../../lib/data/machine/facts.js';
import { hasTimedOut, type Rules } from './rules.js';

export const rulesOfBeginning: Rules = {
  'a user who has left before the command has nothing sent': (model) =>
    model.setup.hasLeft !== true || (model.done.length === 0 && model.place === 'left'),

  'an upload flows only behind its preliminary reply': (model) =>
    !model.has('flow') || model.facts.kind.direction === 'download' || model.facts.preliminary !== undefined,

  'a handshake begins behind a reply, or behind the time for it': (model) =>
    !model.has('start-tls') ||
    hasReplied(model.facts) ||
    model.terms.handshakeFirst ||
    hasTimedOut(model, 'leave to shake hands', 'the start'),

  'a server shakes hands first where it has not replied in time': (model) =>
    !model.has('learn-handshake-first') || hasTimedOut(model, 'leave to shake hands'),

  'nothing begins before a reply or the first byte, unless neither comes': (model) =>
    !model.has('begin') ||
    hasReplied(model.facts) ||
    model.facts.moved ||
    hasTimedOut(model, 'the reason of a refusal'),

  'nothing begins for a user who has left': (model) => !model.has('begin behind a cancel'),

  'nothing flows before the user was told of the beginning': (model) => !model.has('flow') || model.has('begin'),
};

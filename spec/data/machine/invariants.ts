/** Lists the rules for every step of every transfer. */
import { isDataOver } from '../../../lib/data/machine/facts.js';
import { isFlowing } from './alphabet.js';
import { before, count, hasEnded, hasTimedOut, type Rules } from './rules.js';
import { rulesOfAbort } from './rules-of-abort.js';
import { rulesOfBeginning } from './rules-of-beginning.js';
import { rulesOfEnd } from './rules-of-end.js';
import { rulesOfKeepAlive } from './rules-of-keep-alive.js';

export const invariants: Rules = {
  ...rulesOfBeginning,
  ...rulesOfAbort,
  ...rulesOfEnd,
  ...rulesOfKeepAlive,

  'one transfer command, one ABOR and one PWD at most': (model) =>
    ['transfer', 'ABOR', 'PWD'].every((line) => count(model, line) <= 1),

  'PWD goes out behind ABOR and the reset': (model) => before(model, 'ABOR', 'PWD') && before(model, 'reset', 'PWD'),

  'ABOR goes out before the reset, while there is a connection': (model) =>
    model.lost !== undefined || before(model, 'ABOR', 'reset'),

  'ABOR does not overtake the start of the transfer, unless that does not come': (model) =>
    !model.has('ABOR') || model.facts.preliminary !== undefined || hasTimedOut(model, 'the start'),

  'no ABOR behind the final reply': (model) => !model.has('ABOR') || model.facts.final === undefined,

  'no ABOR while a fence decides, nor behind an early EPSV': (model) =>
    !model.has('ABOR') || (!model.facts.deciding && !model.facts.portAsked),

  'no reset within a handshake, unless it does not end': (model) =>
    !model.has('reset') ||
    !model.facts.kind.isSecure ||
    model.facts.open ||
    model.facts.dataError !== undefined ||
    model.lost !== undefined ||
    hasTimedOut(model, 'the handshake') ||
    hasTimedOut(model, 'the connection to shake hands over'),

  'a listing is read to its end, unless that does not come': (model) =>
    !model.has('ABOR') ||
    !model.facts.kind.isListing ||
    hasTimedOut(model, 'the end of the listing') ||
    model.facts.dataError !== undefined ||
    model.facts.stalled,

  'a transfer is complete with all its data and a final reply, or with all that is wanted': (model) => {
    const { facts } = model;
    if (model.place !== 'complete') return true;
    if (facts.enough) return facts.inStep || facts.final !== undefined || model.lost !== undefined;
    const byHeld = facts.final === facts.held && facts.heldEarly;
    return facts.final?.class === 2 && !byHeld && isDataOver(facts);
  },

  'nothing is complete behind a cancel': (model) => !(model.place === 'complete' && model.facts.cancelled),

  'only a user who has left has left': (model) => model.place !== 'left' || model.facts.cancelled,

  'the connection is in step at the end, or given up': (model) => {
    const { final, inStep } = model.facts;
    if (!hasEnded(model) || !model.has('transfer')) return true;
    if (model.lost !== undefined || model.place === 'late') return true;
    return final !== undefined || inStep;
  },

  'an upload that the server may have kept for later costs the connection': (model) => {
    const { kind, preliminary, afterAbort, ended, inStep } = model.facts;
    const isKept = kind.direction === 'upload' && !kind.isSecure && preliminary?.code === 150 && !ended;
    const [first, second] = afterAbort;
    if (!hasEnded(model) || !inStep || !isKept || first?.code !== 225) return true;
    return second?.code !== 257 || afterAbort.length > 2 || model.lost !== undefined;
  },

  'a cancel, and an abort, have a time limit': (model) =>
    hasEnded(model) || model.bounded || !(model.facts.cancelled || model.has('ABOR')),

  'an abort limits nothing that follows, unless its user has left': (model) =>
    !hasEnded(model) || model.facts.cancelled || model.lost === 'overdue' || !model.bounded,

  'bytes have to move only over an open connection': (model) =>
    !model.has('flow') || model.facts.open || model.facts.dataError !== undefined || model.facts.final !== undefined,

  'nothing has to move at the end': (model) => !hasEnded(model) || !isFlowing(model) || model.lost !== undefined,

  'a handshake begins under TLS alone': (model) => !model.has('start-tls') || model.facts.kind.isSecure,

  'the next port is asked for when the data is over, before the final reply': (model) =>
    !model.has('ask-port-early') || isDataOver(model.facts),

  'a cancel ends the wait for data, and for the final reply': ({ facts, place, runner }) =>
    !facts.cancelled || runner.isReady || !['the end of the data', 'the final reply'].includes(place),

  'the answer to PWD is waited for when PWD was sent': (model) =>
    model.place !== 'the answer to PWD' || model.has('PWD'),

  'a connection that was lost is no success, but to a user who has all he wants': (model) =>
    model.lost === undefined || model.lost === 'given up' || model.place !== 'complete' || model.facts.enough,
};

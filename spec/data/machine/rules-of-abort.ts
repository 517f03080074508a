/** Lists the rules for the abort of a transfer. */
import type { Facts } from '../../../lib/data/machine/facts.js';
import type { Model } from './model.js';
import { before, hasEnded, hasTimedOut, type Rules } from './rules.js';

/** A listing that was broken off comes back with the next one. */
const comesBack = ({ facts, terms }: Model): boolean => facts.kind.isListing && terms.repeatsListings;

/** A 225 alone, over an open data connection in clear text, says that the upload may be kept for later. */
function isKept({ kind, preliminary, afterAbort, ended }: Facts): boolean {
  const mayBe = kind.direction === 'upload' && !kind.isSecure && preliminary?.code === 150 && !ended;
  return mayBe && afterAbort[0]?.code === 225 && afterAbort.length === 2;
}

/** A download shows by its data that the server has shaken hands. */
const hasShown = ({ kind, moved, ended }: Facts): boolean => kind.direction === 'download' && (moved || ended);

export const rulesOfAbort: Rules = {
  'ABOR goes out when the server has accepted a connection in clear text, as far as time tells': (model) =>
    !model.has('ABOR') ||
    model.facts.kind.isSecure ||
    model.facts.preliminary?.code !== 150 ||
    model.facts.moved ||
    hasTimedOut(model, 'the accept'),

  'ABOR goes out when the server has shaken hands, as far as time tells': (model) =>
    !model.has('ABOR') ||
    !model.facts.kind.isSecure ||
    !model.facts.open ||
    model.facts.dataError !== undefined ||
    hasShown(model.facts) ||
    hasTimedOut(model, 'the end of the server’s handshake') ||
    hasTimedOut(model, 'the handshake', 'the connection to shake hands over'),

  'a listing is read on before ABOR': (model) => !model.facts.kind.isListing || before(model, 'read-on', 'ABOR'),

  'PWD goes out behind two replies to ABOR, unless they do not come': (model) =>
    !model.has('PWD') ||
    (model.facts.finalsBeforePwd ?? 0) >= 2 ||
    hasTimedOut(model, 'a first reply', 'a second reply'),

  'PWD is answered by a path, or by a refusal behind both replies to the abort': (model) => {
    const { kind, afterAbort, finalsBeforePwd = 0, inStep } = model.facts;
    const answer = afterAbort.at(-1)?.code;
    if (!inStep || answer === 257) return true;
    const isUnknown = kind.withoutPwd && (answer === 500 || answer === 502);
    return finalsBeforePwd >= 2 && (answer === 550 || isUnknown);
  },

  'a connection is given up for no other reason than a risk': (model) =>
    !model.has('give-up') || model.facts.portAsked || isKept(model.facts) || comesBack(model),

  'a listing that may come back costs the connection': (model) =>
    !hasEnded(model) || !model.facts.inStep || !comesBack(model) || model.lost !== undefined,
};

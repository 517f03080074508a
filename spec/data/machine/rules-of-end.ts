/** Lists the rules for the end of the data, and for the end. */
import type { Model } from './model.js';
import type { Rules } from './rules.js';

/** How an upload ends whose source has not failed, as far as the script has seen. */
const WITH_ITS_SOURCE: ReadonlySet<string> = new Set(['complete', 'broken off', 'ended early']);

const isDoubted = (model: Model): boolean => model.has('doubt-port') && model.facts.portTold;

export const rulesOfEnd: Rules = {
  'a source that has failed is what its user hears of': (model) =>
    model.facts.sourceError === undefined || !WITH_ITS_SOURCE.has(model.place),

  'one fence decides about a reply': (model) => !model.has('decide again'),

  'an upload that was ended early leaves a fence behind': (model) =>
    model.place !== 'ended early' || model.has('fence'),

  'a refusal behind an early EPSV may be the answer to that, which is waited for': (model) =>
    model.place !== 'broken off' || !model.facts.portAsked || isDoubted(model),
};

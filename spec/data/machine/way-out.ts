/** Whether time alone, with nothing else to come, leads to an end. */
import { isFlowing } from './alphabet.js';
import type { Model } from './model.js';

const MOST_STEPS = 40;

/** Uses the model up. */
export function wayOut(model: Model): boolean {
  for (let count = 0; count < MOST_STEPS; count += 1) {
    const { ending, isReady, wait } = model.runner;
    if (ending !== undefined || waitsForItsSource(model)) return true;
    if (isReady) model.take({ type: 'turn' });
    else if (wait?.ms !== undefined) model.take({ type: 'time' });
    else if (model.has('doubt-port') && !model.facts.portTold) model.take({ type: 'port-told' });
    else if (model.facts.deciding && model.facts.final === undefined) model.take({ type: 'undecided' });
    else if (model.bounded && model.isOpen) model.take({ type: 'overdue' });
    else if (isFlowing(model) && !model.facts.stalled) model.take({ type: 'stalled' });
    else return false;
  }
  return false;
}

/** An upload whose source gives nothing waits for its user, who may cancel it. Behind a stall it does not wait for him. */
function waitsForItsSource(model: Model): boolean {
  const { kind, allSent, stalled, heldTooLong } = model.facts;
  if (kind.direction !== 'upload' || allSent || stalled || heldTooLong) return false;
  return isFlowing(model) && !model.runner.isReady && model.place === 'the end of the data';
}

/** Every step that can come next. */
import { unanswered } from '../../../lib/data/machine/noops.js';
import type { Model, Step } from './model.js';
import { reply } from './model.js';

const answer = (code: number, isOdd = false): Step => ({ type: 'reply', reply: reply(code), isOdd });

const inOrder: readonly Step[] = [
  answer(150),
  answer(226),
  answer(550),
  answer(200, true),
  answer(350, true),
  answer(550, true),
];
/** To a NOOP; 200 may have become usual for the transfer. */
const afterNoop: readonly Step[] = [answer(200), answer(500)];
/** They end a transfer for certain. */
const finals: readonly Step[] = [answer(226), answer(550)];
const afterAbor: readonly Step[] = [150, 225, 226, 257, 550].map((code) => answer(code));
/** To a PWD that the server does not know. */
const unknownPwd: readonly Step[] = [answer(500), answer(502)];
/** No server says more to an abort, as far as this is explored. */
const MOST_AFTER_ABOR = 3;

const broken: Step = { type: 'data-error', error: new Error('reset'), isAttack: false };
const attacked: Step = { type: 'data-error', error: new Error('certificate'), isAttack: true };
const sourceFailed: Step = { type: 'source-error', error: new Error('source') };

/** Every step that can come next, while the script waits. */
export function stepsFrom(model: Model): readonly Step[] {
  const { ending, wait } = model.runner;
  if (ending !== undefined) return [];
  const time: Step[] = wait?.ms === undefined ? [] : [{ type: 'time' }];
  return [...time, ...controlSteps(model), ...dataSteps(model), ...userSteps(model)];
}

/**
 * Before the script goes on: another reply of the same packet, and a user who leaves because of what he was told. The server
 * may end an upload just when its source fails.
 */
export function sameTurnSteps(model: Model): readonly Step[] {
  const { cancelled, deciding, aborting } = model.facts;
  const cancel: Step[] = cancelled ? [] : [{ type: 'cancel' }];
  if (model.last === 'source-error' && model.isOpen && !deciding && !aborting) return [...cancel, ...finals];
  return model.last === 'reply' ? [...cancel, ...controlSteps(model)] : cancel;
}

function controlSteps(model: Model): readonly Step[] {
  const { facts, isOpen } = model;
  const steps: Step[] = [];
  if (model.has('doubt-port') && !facts.portTold) steps.push({ type: 'port-told' });
  if (model.lost === undefined && model.mayKeepAlive) steps.push({ type: 'quiet' });
  if (!isOpen) return steps;
  steps.push({ type: 'lost' });
  if (facts.noopsSent > 0 && mayAnswer(facts)) steps.push(...afterNoop);
  if (model.bounded) steps.push({ type: 'overdue' });
  if (facts.deciding) {
    const held = facts.held ?? reply(200);
    steps.push({ type: 'undecided' });
    steps.push({ type: 'decided', final: held, refused: held.class !== 2 || facts.heldEarly });
    if (held.code !== 226) steps.push({ type: 'decided', final: reply(226), refused: false });
  } else if (!facts.aborting) steps.push(...inOrder);
  else if (facts.afterAbort.length < MOST_AFTER_ABOR) steps.push(...answersToAbort(facts));
  else if (facts.finalsBeforePwd !== undefined) steps.push(answer(257));
  return steps;
}

/** A NOOP's answer, or its second one; during an abort only so many replies are explored. */
function mayAnswer(facts: Model['facts']): boolean {
  if (facts.aborting) return unanswered(facts) > 0 || facts.afterAbort.length < MOST_AFTER_ABOR;
  return !facts.deciding;
}

function answersToAbort({ kind, finalsBeforePwd }: Model['facts']): readonly Step[] {
  return kind.withoutPwd && finalsBeforePwd !== undefined ? [...afterAbor, ...unknownPwd] : afterAbor;
}

/** The data connection: what it is told to do decides what it can tell. */
function dataSteps(model: Model): readonly Step[] {
  const { facts, setup } = model;
  const { kind, connected, open, moved, ended, dataError } = facts;
  if (model.has('reset') || model.has('close') || dataError !== undefined) return [];
  const isUpload = kind.direction === 'upload';
  const steps: Step[] = [];
  if (!connected) return [{ type: 'connected' }];
  if (!(ended && !isUpload)) steps.push(broken);
  if (kind.isSecure && model.has('start-tls') && !open) steps.push({ type: 'secured', at: 0 }, attacked);
  if (!open) return steps;
  if (!ended) steps.push({ type: 'ended' });
  if (!moved && (isUpload ? model.has('flow') : !ended)) steps.push({ type: 'moved' });
  if (setup.isRanged && moved && !facts.enough && !facts.cancelled) steps.push({ type: 'enough' });
  return steps;
}

function userSteps(model: Model): readonly Step[] {
  const { facts } = model;
  const steps: Step[] = [];
  if (!facts.cancelled) steps.push({ type: 'cancel' });
  if (!isFlowing(model)) return steps;
  if (!facts.stalled && !facts.heldTooLong) steps.push({ type: 'stalled' });
  if (!facts.stalled && !facts.heldTooLong) steps.push({ type: 'held-too-long' });
  if (facts.kind.direction === 'download' || facts.allSent || facts.sourceError !== undefined) return steps;
  if (facts.dataError === undefined) steps.push({ type: 'all-sent' });
  steps.push(sourceFailed);
  return steps;
}

/** Bytes have to move, or the user has to make them. */
export function isFlowing(model: Model): boolean {
  return model.has('flow') && !model.has('rest');
}

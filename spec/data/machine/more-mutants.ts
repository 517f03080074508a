/** Mistakes in how a transfer begins, how it is aborted, and how it ends. */
import { type Effect, failed, send } from '../../../lib/data/machine/script.js';
import { transfer } from '../../../lib/data/machine/transfer-script.js';
import { type Setup, type Subject, subject } from './model.js';
import { changing, isEffect, isWait, type Mutants, withOutcome, without, withScript } from './mutating.js';
import { download, listing, secured, upload } from './setups.js';

const START_TLS: Effect = { do: 'start-tls' };
const BEGIN: Effect = { do: 'begin' };
const FLOW: Effect = { do: 'flow' };
const DECIDE: Effect = { do: 'decide' };
const GIVE_UP: Effect = { do: 'give-up', risk: 'may still wait at the server' };

const repeating: Setup = { ...listing, known: { repeatsListings: true } };
/** It asks whether the user has left when the command is on its way. */
const sendingAtOnce: Subject = {
  ...subject,
  script: (facts, terms, act) => {
    act(send('transfer'));
    return transfer(facts, terms, act);
  },
};

export const mutantsOfBeginning: Mutants = {
  'sends its command for a user who has left': [sendingAtOnce, { ...upload, hasLeft: true }],
  'uploads before the preliminary reply': [
    withScript((step) => (isWait(step, 'the end of the data') ? [FLOW, step] : [step])),
    upload,
  ],
  'shakes hands before the server has replied, at a cancel': [
    withScript((step, { cancelled }) => (isWait(step, 'the beginning') && cancelled ? [START_TLS, step] : [step])),
    secured(download),
  ],
  'learns from a server that has replied': [
    withScript((step) => (isEffect(step, 'start-tls') ? [{ do: 'learn-handshake-first' }, step] : [step])),
    secured(download),
  ],
  'begins before the reason of a refusal': [without('the reason of a refusal')],
  'begins for a user who has left': [
    withScript((step, { cancelled }) => (isEffect(step, 'ABOR') && cancelled ? [BEGIN, step] : [step])),
  ],
  'moves bytes without a beginning': [without('begin')],
};

export const mutantsOfAbort: Mutants = {
  'aborts before the server has accepted': [without('the accept')],
  'aborts before the server has shaken hands': [without('the end of the server’s handshake'), secured(download)],
  'reads a listing no further': [without('read-on')],
  'sends PWD behind one reply': [without('a second reply')],
  'gives good connections up': [withScript((step) => (isWait(step, 'the answer to PWD') ? [step, GIVE_UP] : [step]))],
  'keeps the connection of a listing that comes back': [without('give-up'), repeating],
};

export const mutantsOfEnd: Mutants = {
  'does not see an upload stall': [
    changing('the end of the data', (wait, facts) => ({
      ...wait,
      holds: () => !(facts.stalled && facts.dataError === undefined && !facts.cancelled) && wait.holds(),
    })),
    upload,
  ],
  'ignores the error of a source behind the final reply': [
    withOutcome((outcome, { final, refused, sourceError }) => {
      if (sourceError === undefined || final === undefined) return outcome;
      return failed(refused ? 'broken off' : 'ended early');
    }),
    upload,
  ],
  'asks for two fences': [
    withScript((step, { deciding }) => (isWait(step, 'the final reply') && deciding ? [DECIDE, step] : [step])),
  ],
  'leaves no fence behind an upload that was ended early': [without('fence'), upload],
  'does not doubt the port': [
    withScript((step) => (isEffect(step, 'doubt-port') || isWait(step, 'the answer to the early EPSV') ? [] : [step])),
  ],
};

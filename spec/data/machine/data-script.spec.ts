/** The stories of how the bytes move, and how a transfer ends: what happens, and what is done about it, in this order. */
import { describe, expect, it } from 'vitest';
import { transfer } from '../../../lib/data/machine/transfer-script.js';
import { download, listing, upload } from './setups.js';
import { linesOf, retell, type Stories } from './story.js';

const good: Stories = {
  'is complete by its data, then its reply': [
    download,
    'start: transfer | 150: begin flow | moved: | ended: rest ask-port-early | 226: | = complete',
  ],
  'is complete by its reply, then its data': [
    download,
    'start: transfer | 150: begin flow | 226: | ended: rest | = complete',
  ],
  'uploads nothing before the 150, and is complete by the 226': [
    upload,
    'start: transfer | 150: begin flow | moved: | all-sent: | 226: rest | = complete',
  ],
  'asks for the next port behind all bytes of an upload, where the server reads that later': [
    upload,
    'start: transfer | 150: begin flow | moved: | all-sent: ask-port-early | 226: rest | = complete',
    { portBehindUpload: true },
  ],
  'waits for the answer to that port where the upload is refused behind it': [
    upload,
    `start: transfer | 150: begin flow | moved: | all-sent: ask-port-early | 552: doubt-port | port-told: rest
      | = broken off`,
    { portBehindUpload: true },
  ],
  'sends no ABOR behind that port: the final reply is on its way': [
    upload,
    `start: transfer | 150: begin flow | moved: | all-sent: ask-port-early | cancel: rest bound
      | 226: close | = left`,
    { portBehindUpload: true },
  ],
  'stops when it has all that is wanted': [
    download,
    `start: transfer | 150: begin flow | moved: | enough: rest bound ABOR reset | 426: | 226: PWD
      | 257: unbound | = complete`,
  ],
  'keeps the time limit where the user leaves meanwhile': [
    download,
    `start: transfer | 150: begin flow | moved: | enough: rest bound ABOR reset | 426: | 226: PWD | cancel:
      | 257: | = left`,
  ],
};

const odd: Stories = {
  'holds it until the data has ended, then a fence decides': [
    download,
    'start: transfer | 150: begin flow | 200?: | ended: rest decide | decided-226: | = complete',
  ],
  'lets a fence decide about one behind the data': [
    download,
    'start: transfer | 150: begin flow | ended: rest ask-port-early | 200?: | decided-200: | = complete',
  ],
  'takes no reply for certain behind one that was odd': [
    { ...download, isDoubtful: true },
    'start: transfer | 150: begin flow | 226: | ended: rest decide | refuted-226: | = broken off',
  ],
};

const bad: Stories = {
  'is broken off by its final reply': [download, 'start: transfer | 150: begin flow | 426: rest | = broken off'],
  'is broken, and the server says why': [
    download,
    'start: transfer | 150: begin flow | moved: | broken: rest | 426: | = broken',
  ],
  'is broken by an attack, which is no time to wait': [
    download,
    `start: transfer | 150: begin flow | moved: | attacked: rest bound ABOR reset | 426: | 226: PWD
      | 257: unbound | = broken`,
  ],
  stalls: [
    download,
    `start: transfer | 150: begin flow | moved: | stalled: rest bound ABOR reset | 426: | 226: PWD
      | 257: unbound | = stalled`,
  ],
  'is held for too long': [
    download,
    `start: transfer | 150: begin flow | moved: | held-too-long: rest bound ABOR reset | 426: | 226: PWD
      | 257: unbound | = held too long`,
  ],
  'lacks its final reply': [
    download,
    'start: transfer | 150: begin flow | ended: rest ask-port-early | no the final reply: | = late',
  ],
  'asked for the next port early, and is refused': [
    download,
    `start: transfer | 150: begin flow | ended: rest ask-port-early | 550: doubt-port | port-told:
      | = broken off`,
  ],
  'is an upload that the server ends early': [
    upload,
    'start: transfer | 150: begin flow | 226: fence rest | = ended early',
  ],
  'is an upload whose source fails': [
    upload,
    `start: transfer | 150: begin flow | moved: | source-failed: bound ABOR reset | 426: | 226: PWD
      | 257: unbound rest | = source failed`,
  ],
};

const left: Stories = {
  'on the way tells nothing more': [
    download,
    'start: transfer | 150: begin flow | moved: | cancel: rest bound ABOR reset | = a first reply',
  ],
  'in a listing reads it to its end': [
    listing,
    'start: transfer | 150: begin flow | cancel: rest bound read-on | ended: | 226: close | = left',
  ],
};

describe.each<[string, Stories]>([
  ['a transfer whose bytes move', good],
  ['a final reply that is odd', odd],
  ['a transfer that fails on its way', bad],
  ['a user who leaves on the way', left],
])('%s', (_kind, stories) => {
  it.each(Object.entries(stories))('%s', (_title, [setup, story, known]) => {
    expect(retell(transfer, setup, story, known)).toBe(linesOf(story).join('\n'));
  });
});

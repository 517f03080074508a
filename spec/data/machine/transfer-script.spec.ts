/** The straight stories of a transfer: what happens, and what is done about it, in this order. */
import { describe, expect, it } from 'vitest';
import { transfer } from '../../../lib/data/machine/transfer-script.js';
import type { Setup } from './model.js';
import { download, listing, secured, upload } from './setups.js';
import { linesOf, retell, type Stories } from './story.js';

const active: Setup = { ...download, isActive: true };

const good: Stories = {
  'sends nothing for a user who has left before': [{ ...upload, hasLeft: true }, 'start: | = left'],
  'is complete by its data, then its reply': [
    download,
    'start: transfer | 150: begin flow | moved: | ended: rest ask-port-early | 226: | = complete',
  ],
  'is complete by its reply, then its data': [
    download,
    'start: transfer | 150: begin flow | 226: | ended: rest | = complete',
  ],
  'begins with data before any reply': [
    download,
    'start: transfer | moved: begin flow | ended: rest ask-port-early | 150: | 226: | = complete',
  ],
  'waits for the server to connect': [
    active,
    'start: transfer | 150: | connected: begin flow | ended: rest ask-port-early | 226: | = complete',
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
  'shakes hands when the server has replied, and awaits that': [
    secured(download),
    'start: transfer | 150: start-tls | secured: begin flow | ended: rest ask-port-early | 226: | = complete',
  ],
  'shakes hands without a reply after a while, and remembers it': [
    secured(download),
    `start: transfer | no leave to shake hands: learn-handshake-first start-tls | 150: | secured: begin flow
      | = the end of the data`,
  ],
  'shakes hands at once where the server is known to wait for that': [
    secured(download),
    'start: transfer start-tls | 150: | secured: begin flow | = the end of the data',
    { handshakeFirst: true },
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
  'is uncertain when nothing more comes': [
    download,
    `start: transfer | 200?: | no more than an odd reply: bound | no the start: ABOR reset | 225: | 226: PWD
      | 257: unbound | = uncertain`,
  ],
};

const bad: Stories = {
  'is refused': [download, 'start: transfer | 550: | = refused'],
  'is refused behind the end of its data connection': [download, 'start: transfer | ended: | 550: | = refused'],
  'is refused before the handshake': [secured(upload), 'start: transfer | 550: | = refused'],
  'is not answered': [download, 'start: transfer | no the beginning: | = late'],
  'is without the data connection that the server should open': [
    active,
    `start: transfer | 150: | no the data connection: bound | no the accept: ABOR reset | 426: | 226: PWD
      | 257: unbound | = no data connection`,
  ],
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
  'before the 150 waits for the start': [
    download,
    'start: transfer | cancel: bound | 150: | moved: ABOR reset | 426: | 226: PWD | 257: | = left',
  ],
  'before a refusal has nothing to abort': [download, 'start: transfer | cancel: bound | 550: close | = left'],
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
  ['a transfer', good],
  ['a transfer with an odd reply', odd],
  ['a transfer that fails', bad],
  ['a user who leaves', left],
])('%s', (_kind, stories) => {
  it.each(Object.entries(stories))('%s', (_title, [setup, story, known]) => {
    expect(retell(transfer, setup, story, known)).toBe(linesOf(story).join('\n'));
  });
});

/** The stories of how a transfer begins: what happens, and what is done about it, in this order. */
import { describe, expect, it } from 'vitest';
import { transfer } from '../../../lib/data/machine/transfer-script.js';
import type { Setup } from './model.js';
import { download, secured, upload } from './setups.js';
import { linesOf, retell, type Stories } from './story.js';

const active: Setup = { ...download, isActive: true };

const good: Stories = {
  'sends nothing for a user who has left before': [{ ...upload, hasLeft: true }, 'start: | = left'],
  'begins with data before any reply': [
    download,
    'start: transfer | moved: begin flow | ended: rest ask-port-early | 150: | 226: | = complete',
  ],
  'waits for the server to connect': [
    active,
    'start: transfer | 150: | connected: begin flow | ended: rest ask-port-early | 226: | = complete',
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
};

const odd: Stories = {
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
};

const left: Stories = {
  'before the 150 waits for the start': [
    download,
    'start: transfer | cancel: bound | 150: | moved: ABOR reset | 426: | 226: PWD | 257: | = left',
  ],
  'before a refusal has nothing to abort': [download, 'start: transfer | cancel: bound | 550: close | = left'],
};

describe.each<[string, Stories]>([
  ['a transfer that begins', good],
  ['a transfer that begins by an odd reply', odd],
  ['a transfer that does not begin', bad],
  ['a user who leaves before', left],
])('%s', (_kind, stories) => {
  it.each(Object.entries(stories))('%s', (_title, [setup, story, known]) => {
    expect(retell(transfer, setup, story, known)).toBe(linesOf(story).join('\n'));
  });
});

/** Tells how an unsubscribed transfer is brought into step: the events, and the effects, in this order. */
import { describe, expect, it } from 'vitest';
import { abort } from '../../../lib/data/machine/abort-script.js';
import type { Facts } from '../../../lib/data/machine/facts.js';
import { type Act, type Outcome, type Script, send, type Terms, until } from '../../../lib/data/machine/script.js';
import { download, listing, secured, upload } from './setups.js';
import { linesOf, retell, type Stories } from './story.js';

/** A transfer that is cancelled, or fails by a stall. */
function* aborted(f: Facts, t: Terms, act: Act): Script<Outcome> {
  act(send('transfer'));
  yield until('a reason', () => f.cancelled || f.stalled);
  yield* abort(f, t, act);
  return 'left';
}

const stories: Stories = {
  'sends ABOR, resets, and reads to the answer of PWD': [
    download,
    'start: transfer | 150 moved: | cancel: bound ABOR reset | 426: | 226: PWD | 257: | = left',
  ],
  'sends PWD where nothing answers ABOR': [
    download,
    'start: transfer | 150 moved: | cancel: bound ABOR reset | no a first reply: PWD | 257: | = left',
  ],
  'sends PWD where one reply is all': [
    download,
    'start: transfer | 150 moved: | cancel: bound ABOR reset | 226: | no a second reply: PWD | 257: | = left',
  ],
  'takes a missing directory behind both replies for the answer to PWD': [
    download,
    'start: transfer | 150 moved: | cancel: bound ABOR reset | 426 226: PWD | 550: | = left',
  ],
  'sends ABOR without a start in the end': [
    download,
    'start: transfer | cancel: bound | no the start: ABOR reset | = a first reply',
  ],
  'gives a server that says 150 before it accepts a moment': [
    download,
    'start: transfer | 150 cancel: bound | no the accept: ABOR reset | = a first reply',
  ],
  'awaits the final reply behind all of the data': [
    download,
    'start: transfer | 150 moved ended: | cancel: bound | 226: close | = left',
  ],
  'sets a bound where nobody has cancelled': [
    download,
    'start: transfer | 150 moved: | stalled: bound ABOR reset | = a first reply',
  ],
  'leaves to a fence what it is about to decide': [
    download,
    'start: transfer | 150 moved: | 550? cancel: bound | decided-550: close | = left',
  ],
  'gives the connection up behind an early EPSV': [
    download,
    'start: transfer | 150 port-asked moved: | cancel: bound give-up | = left',
  ],
  'only resets when the connection is lost': [
    download,
    'start: transfer | 150 moved: | cancel: bound ABOR reset | lost: reset | = left',
  ],
  'gives up an upload that pyftpdlib keeps: 225 alone': [
    upload,
    `start: transfer | 150 cancel: bound | no the accept: ABOR | no the server’s own close: reset | 225:
      | no a second reply: PWD | 257: give-up | = left`,
  ],
  'keeps the connection where the server has closed the data connection behind its 225': [
    upload,
    `start: transfer | 150 cancel: bound | no the accept: ABOR | ended: reset | 225: | no a second reply: PWD
      | 257: | = left`,
  ],
  'keeps the connection where a 426 says that the upload was under way': [
    upload,
    'start: transfer | 150 moved: | cancel: bound ABOR reset | 426: | 225: PWD | 257: | = left',
  ],
  'keeps the connection behind any other reply alone': [
    upload,
    'start: transfer | 150 moved: | cancel: bound ABOR reset | 226: | no a second reply: PWD | 257: | = left',
  ],
  'keeps the connection behind two replies': [
    upload,
    'start: transfer | 150 moved: | cancel: bound ABOR reset | 225 226: PWD | 257: | = left',
  ],
  'finishes the handshake first, on both sides': [
    secured(download),
    `start: transfer | 150 cancel: bound start-tls | secured: | no the end of the server’s handshake: ABOR reset
      | = a first reply`,
  ],
  'does not wait for a handshake for ever': [
    secured(download),
    'start: transfer | 150 cancel: bound start-tls | no the handshake: ABOR reset | = a first reply',
  ],
  'waits for the server to connect before that': [
    { ...secured(download), isActive: true },
    'start: transfer | 150 cancel: bound start-tls | connected: | secured: | moved: ABOR reset | = a first reply',
  ],
  'reads a listing on, and breaks off one that is long': [
    listing,
    'start: transfer | 150 moved: | cancel: bound read-on | no the end of the listing: ABOR reset | = a first reply',
  ],
  'gives up where a listing would come back with the next': [
    listing,
    `start: transfer | 150 moved: | cancel: bound read-on | no the end of the listing: ABOR reset | 426 226: PWD
      | 257: give-up | = left`,
    { repeatsListings: true },
  ],
};

describe('an abort', () => {
  it.each(Object.entries(stories))('%s', (_title, [setup, story, known]) => {
    expect(retell(aborted, setup, story, known)).toBe(linesOf(story).join('\n'));
  });

  it('has nothing to do where one was begun', () => {
    function* twice(f: Facts, t: Terms, act: Act): Script<Outcome> {
      yield* aborted(f, t, act);
      yield* abort(f, t, act);
      return 'left';
    }
    const story = 'start: transfer | 150 moved: | cancel: bound ABOR reset | 426 226: PWD | 257: | = left';
    expect(retell(twice, download, story)).toBe(linesOf(story).join('\n'));
  });
});

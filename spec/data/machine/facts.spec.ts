/** Facts, event by event. */
import { describe, expect, it } from 'vitest';
import {
  type Facts,
  finalsAfterAbort,
  hasReplied,
  isDataOver,
  mayBeginLate,
  mayHaveBegun,
  newFacts,
  record,
  type TransferKind,
} from '../../../lib/data/machine/facts.js';
import type { TransferEvent } from '../../../lib/data/machine/script.js';
import { reply } from './model.js';

const kind: TransferKind = { direction: 'download', isListing: false, isSecure: false, withoutPwd: false };
const uploads: TransferKind = { ...kind, direction: 'upload' };
const error = new Error('reset');

const answer = (code: number, isOdd = false): TransferEvent => ({ type: 'reply', reply: reply(code), isOdd });
const broken: TransferEvent = { type: 'data-error', error, isAttack: false };
const sent = (line: 'transfer' | 'ABOR' | 'PWD' | 'NOOP'): TransferEvent => ({ type: 'sent', line });

/** The facts behind these events, and the last verdict. */
function known(events: readonly TransferEvent[], of: TransferKind = kind) {
  const facts = newFacts(of);
  const verdicts = events.map((event) => record(facts, event));
  return { facts, verdict: verdicts.at(-1) };
}

/** What is not as it was in the beginning. */
function changes({ facts }: { readonly facts: Facts }): Partial<Facts> {
  const fresh = newFacts(facts.kind);
  const entries = Object.entries(facts).filter(([key, value]) => value !== fresh[key as keyof Facts]);
  return Object.fromEntries(entries.filter(([key]) => key !== 'afterAbort' || facts.afterAbort.length > 0));
}

describe('one event', () => {
  it.each<[TransferEvent, Partial<Facts>]>([
    [{ type: 'doubtful' }, { doubtful: true }],
    [sent('transfer'), { sent: true }],
    [sent('ABOR'), { aborting: true }],
    [sent('PWD'), { finalsBeforePwd: 0 }],
    [sent('NOOP'), { noopsSent: 1 }],
    [{ type: 'deciding' }, { deciding: true }],
    [
      { type: 'decided', final: reply(226), refused: true },
      { final: reply(226), refused: true },
    ],
    [{ type: 'connected' }, { connected: true, open: true }],
    [{ type: 'handshake-expected', at: 3 }, { handshakeExpectedAt: 3 }],
    [
      { type: 'secured', at: 4 },
      { open: true, securedAt: 4 },
    ],
    [{ type: 'moved' }, { moved: true }],
    [{ type: 'ended' }, { ended: true }],
    [{ type: 'enough' }, { enough: true }],
    [{ type: 'all-sent' }, { allSent: true }],
    [broken, { dataError: error }],
    [
      { type: 'data-error', error, isAttack: true },
      { dataError: error, attacked: true },
    ],
    [{ type: 'source-error', error: 0 }, { sourceError: { error: 0 } }],
    [{ type: 'stalled' }, { stalled: true }],
    [{ type: 'held-too-long' }, { heldTooLong: true }],
    [{ type: 'port-asked' }, { portAsked: true }],
    [{ type: 'port-told' }, { portTold: true }],
    [{ type: 'cancel' }, { cancelled: true }],
  ])('%o changes what it is about and nothing else', (event, changed) => {
    expect(changes(known([event]))).toEqual(changed);
    expect(known([event]).verdict).toBe('more');
  });

  it('opens a connection under TLS only when that is secured', () => {
    const { facts } = known([{ type: 'connected' }], { ...kind, isSecure: true });
    expect([facts.connected, facts.open]).toEqual([true, false]);
  });

  it('of a break leaves the first error, and does not undo an attack', () => {
    const { facts } = known([
      { type: 'data-error', error, isAttack: true },
      { ...broken, error: new Error('later') },
    ]);
    expect([facts.dataError, facts.attacked]).toEqual([error, true]);
  });
});

describe('a reply in order', () => {
  it.each<[string, readonly TransferEvent[], string, Partial<Facts>]>([
    ['150', [answer(150)], 'more', { preliminary: reply(150) }],
    ['a second 1yz', [answer(150), answer(110)], 'more', { preliminary: reply(150) }],
    [
      'a second 1yz behind the end',
      [answer(150), { type: 'ended' }, answer(110)],
      'over',
      { final: reply(110), refused: true },
    ],
    ['a second 1yz behind a break', [answer(150), broken, answer(110)], 'over', { final: reply(110), refused: true }],
    ['226', [answer(226)], 'over', { final: reply(226), refused: false }],
    ['350', [answer(350)], 'over', { final: reply(350), refused: true }],
    ['550', [answer(550)], 'over', { final: reply(550), refused: true }],
    ['an odd 200', [answer(200, true)], 'more', { held: reply(200), deciding: false, final: undefined }],
    [
      'an odd 200 behind the data',
      [{ type: 'ended' }, answer(200, true)],
      'held',
      { held: reply(200), deciding: true },
    ],
    ['an odd 550', [answer(550, true)], 'held', { held: reply(550), deciding: true, refused: false }],
    ['226 behind a doubt', [{ type: 'doubtful' }, answer(226)], 'more', { held: reply(226), final: undefined }],
  ])('%s', (_name, events, verdict, facts) => {
    expect(known(events)).toMatchObject({ verdict, facts });
  });

  it('that is held before all of an upload was sent came early', () => {
    expect(known([answer(226, true)], uploads).facts.heldEarly).toBe(true);
    const late = known([{ type: 'all-sent' }, answer(226, true)], uploads);
    expect([late.facts.heldEarly, late.verdict]).toEqual([false, 'held']);
    expect(known([answer(226, true)]).facts.heldEarly).toBe(false);
  });
});

describe('a reply behind a NOOP', () => {
  const noop = sent('NOOP');
  const ended: TransferEvent = { type: 'ended' };
  it.each<[string, readonly TransferEvent[], string, Partial<Facts>]>([
    ['200', [noop, answer(200, true)], 'more', { noopsAnswered: 1, held: undefined }],
    ['200, where that is usual', [noop, answer(200)], 'more', { noopsAnswered: 1, final: undefined }],
    ['500', [noop, answer(500)], 'more', { noopsAnswered: 1, final: undefined }],
    ['150', [noop, answer(150)], 'more', { noopsAnswered: 0, preliminary: reply(150) }],
    ['226', [noop, answer(226)], 'fence', { noopsAnswered: 0, final: reply(226), refused: false }],
    ['550', [noop, answer(550)], 'fence', { final: reply(550), refused: true }],
    ['226 behind its own', [noop, answer(200, true), answer(226)], 'over', { final: reply(226) }],
    ['a second 200', [noop, answer(200, true), answer(200)], 'more', { held: reply(200), deciding: false }],
    ['a second 500', [noop, answer(500), answer(500)], 'more', { held: reply(500), final: undefined }],
    [
      'a second 200 behind the data',
      [ended, noop, answer(200), answer(200)],
      'more',
      { held: reply(200), deciding: false },
    ],
    ['one for two NOOPs', [noop, noop, answer(500), answer(226)], 'fence', { noopsAnswered: 1, final: reply(226) }],
    ['an odd 350', [noop, ended, answer(350, true)], 'held', { held: reply(350), deciding: true }],
    ['an odd 226 behind a doubt', [{ type: 'doubtful' }, noop, ended, answer(226)], 'held', { held: reply(226) }],
  ])('%s', (_name, events, verdict, facts) => {
    expect(known(events)).toMatchObject({ verdict, facts });
  });

  it('and behind ABOR is none of the abort’s', () => {
    const { facts } = known([noop, noop, sent('ABOR'), answer(426), answer(200), answer(500), answer(225)]);
    expect([facts.afterAbort, facts.noopsAnswered]).toEqual([[reply(426), reply(225)], 2]);
    expect(finalsAfterAbort(facts)).toBe(2);
  });
});

describe('a reply behind ABOR', () => {
  const withoutPwd: TransferKind = { ...kind, withoutPwd: true };
  const both = [sent('ABOR'), answer(426), answer(226), sent('PWD')];
  it.each<[string, readonly TransferEvent[], TransferKind, boolean]>([
    ['257 before PWD', [sent('ABOR'), answer(257)], kind, false],
    ['257', [sent('ABOR'), sent('PWD'), answer(257)], kind, true],
    ['226', [sent('ABOR'), sent('PWD'), answer(226)], kind, false],
    ['550 behind one reply', [sent('ABOR'), answer(226), sent('PWD'), answer(550)], kind, false],
    [
      '550 behind a late 150 and one reply',
      [sent('ABOR'), answer(150), answer(226), sent('PWD'), answer(550)],
      kind,
      false,
    ],
    ['550 behind both', [...both, answer(550)], kind, true],
    ['502 behind both', [...both, answer(502)], kind, false],
    ['502 behind both, of a server without PWD', [...both, answer(502)], withoutPwd, true],
    ['500 behind both, of a server without PWD', [...both, answer(500)], withoutPwd, true],
  ])('%s', (_name, events, of, inStep) => {
    expect(known(events, of)).toMatchObject({ verdict: inStep ? 'over' : 'more', facts: { inStep, final: undefined } });
  });

  it('is kept, in order', () => {
    expect(known(both).facts.afterAbort).toEqual([reply(426), reply(226)]);
  });

  it('is no final reply where it is the 1yz that was missing', () => {
    expect(finalsAfterAbort(known([sent('ABOR'), answer(150), answer(226)]).facts)).toBe(1);
    expect(finalsAfterAbort(known([answer(150), sent('ABOR'), answer(150), answer(226)]).facts)).toBe(2);
    expect(finalsAfterAbort(known([sent('ABOR'), answer(226), answer(150)]).facts)).toBe(2);
  });
});

describe('what facts say', () => {
  it('of the data: over when a download has ended, or all of an upload was sent', () => {
    expect([isDataOver(known([{ type: 'ended' }]).facts), isDataOver(known([{ type: 'all-sent' }]).facts)]).toEqual([
      true,
      false,
    ]);
    expect(isDataOver(known([{ type: 'ended' }], uploads).facts)).toBe(false);
    expect(isDataOver(known([{ type: 'all-sent' }], uploads).facts)).toBe(true);
  });

  it.each<[boolean, string, readonly TransferEvent[]]>([
    [false, 'before the command was written', []],
    [true, 'when the connection was lost without a reply', [sent('transfer')]],
    [true, 'also while it was aborted', [sent('transfer'), sent('ABOR')]],
    [false, 'behind a 1yz', [sent('transfer'), answer(150)]],
    [false, 'behind a refusal', [sent('transfer'), answer(450)]],
    [false, 'behind a reply to the abort', [sent('transfer'), sent('ABOR'), answer(426)]],
  ])('of a late beginning: %s, %s', (expected, _when, events) => {
    expect(mayBeginLate(known(events, uploads).facts)).toBe(expected);
  });

  it('of the server: it has replied by a 1yz or a final reply, not by one that is held', () => {
    const replied = [[], [answer(150)], [answer(550)], [answer(200, true)]].map((events) =>
      hasReplied(known(events).facts),
    );
    expect(replied).toEqual([false, true, true, false]);
  });

  it.each<[string, readonly TransferEvent[], boolean]>([
    ['without its command', [], false],
    ['without a reply', [sent('transfer')], true],
    ['behind a refusal', [sent('transfer'), answer(550)], false],
    ['behind a 150', [sent('transfer'), answer(150), answer(550)], true],
    ['behind a 226 alone', [sent('transfer'), answer(226)], true],
    ['behind a late 150', [sent('transfer'), sent('ABOR'), answer(150), answer(550)], true],
    ['behind a refusal that may be ABOR’s', [sent('transfer'), sent('ABOR'), answer(502)], false],
    ['behind a 426', [sent('transfer'), sent('ABOR'), answer(426), answer(226)], true],
  ])('%s: whether the server may have begun', (_name, events, begun) => {
    expect(mayHaveBegun(known(events).facts)).toBe(begun);
  });
});

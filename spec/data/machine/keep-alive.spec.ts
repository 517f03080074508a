import { describe, expect, it } from 'vitest';
import { newFacts, record } from '../../../lib/data/machine/facts.js';
import { mayKeepAlive } from '../../../lib/data/machine/keep-alive.js';
import type { TransferEvent } from '../../../lib/data/machine/script.js';
import { reply } from './model.js';
import { plain } from './setups.js';

const sent = (line: 'transfer' | 'ABOR' | 'NOOP'): TransferEvent => ({ type: 'sent', line });
const answer = (code: number, isOdd = false): TransferEvent => ({ type: 'reply', reply: reply(code), isOdd });

describe('a NOOP', () => {
  it.each<[string, boolean, readonly TransferEvent[]]>([
    ['before the command', false, []],
    ['before a reply', false, [sent('transfer')]],
    ['behind a 150', true, [sent('transfer'), answer(150)]],
    ['behind the first byte', true, [sent('transfer'), { type: 'moved' }]],
    ['behind another that is unanswered', true, [sent('transfer'), answer(150), sent('NOOP')]],
    ['behind the data', true, [sent('transfer'), answer(150), { type: 'ended' }]],
    ['behind an odd reply', true, [sent('transfer'), answer(150), answer(200, true)]],
    ['behind the final reply', false, [sent('transfer'), answer(150), answer(226)]],
    ['while a fence decides', false, [sent('transfer'), answer(150), { type: 'deciding' }]],
    ['behind a cancel', false, [sent('transfer'), answer(150), { type: 'cancel' }]],
    ['behind ABOR', false, [sent('transfer'), answer(150), sent('ABOR')]],
  ])('%s: %s', (_when, may, events) => {
    const facts = newFacts(plain.kind);
    for (const event of events) record(facts, event);
    expect(mayKeepAlive(facts)).toBe(may);
  });
});

/** The straight stories of a transfer whose data connection another host has. */
import { describe, expect, it } from 'vitest';
import { newFacts, record } from '../../../lib/data/machine/facts.js';
import { Runner } from '../../../lib/data/machine/runner.js';
import type { Effect, Terms, TransferEvent } from '../../../lib/data/machine/script.js';
import { thirdPartyTransfer } from '../../../lib/data/machine/third-party-script.js';
import { createReply } from '../../../lib/protocol/reply.js';

const terms: Terms = {
  ...{ replyMs: 30_000, connectMs: 10_000, abortMs: 10_000, roundTripMs: 0 },
  ...{ handshakeFirst: false, repeatsListings: false, portBehindUpload: false, keepsAlive: false },
};

const cancel: TransferEvent = { type: 'cancel' };
const late = 'late';
const reply = (code: number, isOdd = false): TransferEvent => ({
  type: 'reply',
  reply: createReply(code, ['x']),
  isOdd,
});

/** Tells the events, each when the script waits, and gives what it did and how it ended. */
function play(...events: readonly (TransferEvent | typeof late)[]): { done: string[]; end: unknown } {
  const facts = newFacts({ direction: 'download', isListing: false, isSecure: false, withoutPwd: false });
  const done: string[] = [];
  const act = (effect: Effect): boolean => {
    done.push(effect.do === 'send' ? effect.line : effect.do);
    if (effect.do === 'send') record(facts, { type: 'sent', line: effect.line });
    if (effect.do === 'decide') record(facts, { type: 'deciding' });
    return true;
  };
  const runner = new Runner(() => thirdPartyTransfer(facts, terms, act));
  if (events[0] === cancel) record(facts, cancel);
  runner.start();
  for (const event of events) {
    if (event === late) runner.expire();
    else record(facts, event);
    if (runner.isReady) runner.resume();
  }
  const ending = runner.ending ?? { waits: runner.wait?.wait, ms: runner.wait?.ms };
  return { done, end: 'outcome' in ending ? ending.outcome : ending };
}

describe('a transfer of another host', () => {
  it('is complete by its final reply alone', () => {
    expect(play(reply(150), reply(226))).toEqual({ done: ['transfer', 'begin'], end: 'complete' });
    expect(play(reply(226))).toEqual({ done: ['transfer'], end: 'complete' });
  });

  it('waits for its end without a limit', () => {
    expect(play(reply(150))).toEqual({ done: ['transfer', 'begin'], end: { waits: 'the final reply', ms: undefined } });
  });

  it('is refused before it has begun, or broken off', () => {
    expect(play(reply(550))).toEqual({ done: ['transfer'], end: { failed: 'refused' } });
    expect(play(reply(150), reply(426))).toEqual({ done: ['transfer', 'begin'], end: { failed: 'broken off' } });
  });

  it('is late without a first reply', () => {
    expect(play(late)).toEqual({ done: ['transfer'], end: { failed: 'late' } });
  });

  it('sends nothing for a user who has left before', () => {
    expect(play(cancel)).toEqual({ done: [], end: 'left' });
  });

  it('is aborted when its user leaves, up to the answer to PWD', () => {
    const { done, end } = play(reply(150), cancel, late, reply(426), reply(226), reply(257));
    expect(done).toEqual(['transfer', 'begin', 'bound', 'ABOR', 'reset', 'PWD']);
    expect(end).toBe('left');
  });

  it('lets a fence decide about an odd reply', () => {
    const decided: TransferEvent = { type: 'decided', final: createReply(200, ['x']), refused: false };
    expect(play(reply(150), reply(200, true), decided)).toEqual({
      done: ['transfer', 'begin', 'decide'],
      end: 'complete',
    });
    expect(play(reply(150), reply(200, true), late)).toMatchObject({ end: { failed: 'late' } });
  });
});

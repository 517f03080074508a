/** How long the scripts wait, and from when on. */
import { describe, expect, it } from 'vitest';
import type { Terms } from '../../../lib/data/machine/script.js';
import { name, nameOf } from './explore.js';
import { Model, reply, type Setup, type Step, subject } from './model.js';
import { active, download, listing, secured, upload } from './setups.js';

const answer = (code: number): Step => ({ type: 'reply', reply: reply(code), isOdd: false });
const odd: Step = { type: 'reply', reply: reply(200), isOdd: true };
const expected: Step = { type: 'handshake-expected', at: 70 };
const done: Step = { type: 'secured', at: 90 };
const cancel: Step = { type: 'cancel' };
const connected: Step = { type: 'connected' };
const moved: Step = { type: 'moved' };
const ended: Step = { type: 'ended' };
const time: Step = { type: 'time' };
const broken: Step = { type: 'data-error', error: new Error('reset'), isAttack: false };

/** A wait that follows these steps: its name, its time, and when that begins where that is not at once. */
type Waiting = readonly [Setup, readonly Step[], wait: string, ms: number | undefined, since?: number];

function titled(waiting: Waiting): [title: string, waiting: Waiting] {
  const [setup, steps, wait, ms, since] = waiting;
  const from = since === undefined ? '' : `, from ${since} on`;
  return [`${name(setup)}: ${steps.map(nameOf).join(' ')}: ${ms ?? 'no'} ms for ${wait}${from}`, waiting];
}

function waitOf(setup: Setup, steps: readonly Step[], known: Partial<Terms> = {}): unknown[] {
  const model = new Model(subject, { ...setup, known });
  for (const step of steps) {
    model.take(step);
    model.take({ type: 'turn' });
  }
  const { wait } = model.runner;
  return [wait?.wait, wait?.ms, wait?.since];
}

describe('a transfer', () => {
  it.each(
    (
      [
        [download, [], 'the beginning', 30_000],
        [secured(download), [], 'leave to shake hands', 1_000],
        [download, [odd], 'more than an odd reply', 1_000],
        [download, [broken], 'the reason of a refusal', 2_000],
        [active(download), [answer(150)], 'the data connection', 20_000],
        [download, [answer(150)], 'the end of the data', undefined],
        [upload, [ended, time], 'the end of the data', 30_000],
        [download, [answer(150), moved, broken], 'the reason of a break', 2_000],
        [download, [answer(150), ended], 'the final reply', 30_000],
      ] satisfies Waiting[]
    ).map(titled),
  )('%s', (_title, [setup, steps, wait, ms]) => {
    expect(waitOf(setup, steps)).toEqual([wait, ms, undefined]);
  });
});

describe('an abort', () => {
  it.each(
    (
      [
        [download, [cancel], 'the start', 2_000],
        [download, [answer(150), cancel], 'the accept', 50],
        [listing, [answer(150), moved, cancel], 'the end of the listing', 1_000],
        [download, [answer(150), moved, ended, cancel], 'the final reply behind the data', 2_000],
        [active(secured(download)), [answer(150), cancel], 'the connection to shake hands over', 2_000],
        [active(secured(download)), [answer(150), connected, cancel], 'the handshake', 3_000, 0],
        [secured(download), [expected, answer(150), cancel], 'the handshake', 3_000, 70],
        [secured(download), [answer(150), done, cancel], 'the end of the server’s handshake', 50, 90],
        [upload, [answer(150), cancel, time], 'the server’s own close', 50],
        [download, [answer(150), moved, cancel], 'a first reply', 3_000],
        [download, [answer(150), moved, cancel, answer(426)], 'a second reply', 400],
        [download, [answer(150), moved, cancel, time], 'the answer to PWD', undefined],
      ] satisfies Waiting[]
    ).map(titled),
  )('%s', (_title, [setup, steps, wait, ms, since]) => {
    expect(waitOf(setup, steps)).toEqual([wait, ms, since]);
  });

  it('leaves some of its time for ABOR behind the handshake', () => {
    const steps = [expected, answer(150), cancel];
    expect(waitOf(secured(download), steps, { abortMs: 1_000 })).toEqual(['the handshake', 600, 70]);
  });

  it.each(
    (
      [
        [secured(download), [answer(150), done, cancel], 'the end of the server’s handshake', 650, 90],
        [upload, [answer(150), cancel, time], 'the server’s own close', 300],
        [download, [answer(150), moved, cancel, answer(426)], 'a second reply', 800],
      ] satisfies Waiting[]
    ).map(titled),
  )('over a slow network: %s', (_title, [setup, steps, wait, ms, since]) => {
    expect(waitOf(setup, steps, { roundTripMs: 300 })).toEqual([wait, ms, since]);
  });
});

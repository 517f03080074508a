/**
 * Every verb and every kind of wrong reply: the operation gives its own value or the error that the rule names, and the
 * operations after it give theirs.
 *
 * One row is one operation; the faults of a row are played at the same time, each to a server of its own.
 */
import { describe, expect, it } from 'vitest';
import { faultsOf } from './support/faults.js';
import { ownReply, playAlone, playTogether } from './support/play.js';
import type { Row } from './support/row.js';
import { rows } from './support/rows.js';

type Play = typeof playAlone;

/** What was wrong, by fault; nothing where all is right. */
async function wrongs(row: Row, play: Play): Promise<Record<string, string[]>> {
  const faults = faultsOf(row, await ownReply(row));
  const played = await Promise.all(faults.map(async (fault) => [fault.name, await play(row, fault)] as const));
  return Object.fromEntries(played.filter(([, wrong]) => wrong.length > 0));
}

describe('an odd, missing, surplus or misplaced reply to one command', () => {
  it.each(rows)('of $name ($verb) misleads nobody', async (row) => {
    expect(await wrongs(row, playAlone)).toEqual({});
  });
});

describe('the same while other operations share the connection', () => {
  it.each(rows.filter(({ alone }) => alone !== true))('of $name ($verb) misleads nobody', async (row) => {
    expect(await wrongs(row, playTogether)).toEqual({});
  });
});

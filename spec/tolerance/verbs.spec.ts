/**
 * Every verb and every kind of wrong reply: the operation gives its own value or the error that the rule names, and the
 * operations after it give theirs.
 */
import { expect, it } from 'vitest';
import { playAlone } from './support/play.js';
import { rows } from './support/rows.js';
import { wrongs } from './support/wrongs.js';

it.each(rows)('an odd, surplus or misplaced reply to $verb of $name misleads nobody', async (row) => {
  expect(await wrongs(row, playAlone)).toEqual({});
});

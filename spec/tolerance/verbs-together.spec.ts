/** As verbs.spec.ts, while other operations share the connection of a server that takes several commands at once. */
import { expect, it } from 'vitest';
import { playTogether } from './support/play.js';
import { rows } from './support/rows.js';
import { wrongs } from './support/wrongs.js';

const shared = rows.filter(({ alone }) => alone !== true);

it.each(shared)('an odd, surplus or misplaced reply to $verb of $name misleads nobody', async (row) => {
  expect(await wrongs(row, playTogether)).toEqual({});
});

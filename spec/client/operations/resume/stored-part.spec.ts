import { describe, expect, it } from 'vitest';
import { StoredPart } from '../../../../lib/client/operations/resume/stored-part.js';
import { profileOf } from '../../../../lib/control/server-profile.js';
import { sessionTelling } from './support/told-facts.js';

/** A STOR from the first byte has begun, and the socket took 100 bytes; SIZE told these answers. */
async function broken(
  answers: readonly string[],
  start = 0,
): Promise<{ part: StoredPart; ask: () => Promise<number> }> {
  const session = sessionTelling({ SIZE: answers });
  const part = new StoredPart('/a', start);
  const ask = (): Promise<number> => part.ask(session.real);
  expect(await ask()).toBe(0);
  part.begun(0);
  part.took(100);
  return { part, ask };
}

describe('the stored part of an upload', () => {
  it.each([
    ['what SIZE says', '550 None.', '213 60', 0, 60],
    ['what SIZE says, behind `start`', '213 7', '213 67', 7, 60],
    ['all that the socket took', '550 None.', '213 100', 0, 100],
    ['nothing: another file, more than the socket took', '550 None.', '213 101', 0, 0],
    ['nothing: the old file (HiddenStores)', '213 60', '213 60', 0, 0],
    ['nothing: less than before `start`', '213 7', '213 5', 7, 0],
    ['nothing: SIZE was not told before', '553 Not you.', '213 60', 0, 0],
    ['nothing: SIZE is not known', '502 What?', '213 60', 0, 0],
    ['nothing: the file is gone', '550 None.', '550 None.', 0, 0],
  ])('is %s', async (_what, before, now, start, offset) => {
    const { ask } = await broken([before, now], start);
    expect(await ask()).toBe(offset);
  });

  it('is asked again where SIZE is refused for now', async () => {
    const { ask } = await broken(['550 None.', '450 Busy.', '213 60']);
    await expect(ask()).rejects.toMatchObject({ command: 'SIZE /a', transient: true });
    expect(await ask()).toBe(60);
  });

  it('is nothing before a STOR got its 1yz', async () => {
    const session = sessionTelling({ SIZE: ['550 None.', '213 0'] });
    const part = new StoredPart('/a', 0);
    await part.ask(session.real);
    part.took(10);
    expect(await part.ask(session.real)).toBe(0);
  });

  it('is nothing on a server that spoils REST with STOR', async () => {
    const session = sessionTelling({ SIZE: ['550 None.', '213 60'] });
    session.profile = { ...profileOf(''), spoilsRestart: true };
    const part = new StoredPart('/a', 0);
    await part.ask(session.real);
    part.begun(0);
    part.took(100);
    expect(await part.ask(session.real)).toBe(0);
  });

  it('is nothing once it must begin anew', async () => {
    const { part, ask } = await broken(['550 None.', '213 60']);
    part.beginAnew();
    expect(await ask()).toBe(0);
  });

  it('is nothing where the file was emptied while the end of an earlier STOR was not known', async () => {
    const { part, ask } = await broken(['550 None.', '213 60']);
    part.lost();
    part.begun(0);
    part.took(100);
    expect(await ask()).toBe(0);
  });

  it.each([
    [0, 0],
    [50, 60],
  ])('behind an unanswered STOR from byte %i goes on from %i', async (offset, expected) => {
    const { part, ask } = await broken(['550 None.', '213 60']);
    part.unanswered(offset);
    expect(await ask()).toBe(expected);
  });

  it('goes on behind a later STOR too, and counts anew what the socket took of one from the first byte', async () => {
    const { part, ask } = await broken(['550 None.', '213 60', '213 90', '213 30']);
    expect(await ask()).toBe(60);
    part.begun(60);
    expect(await ask()).toBe(90);
    part.begun(0);
    part.took(20);
    expect(await ask()).toBe(0);
  });
});

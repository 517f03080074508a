import { describe, expect, it } from 'vitest';
import {
  askIdentity,
  differenceOf,
  type FileIdentity,
  sizeIn,
} from '../../../../lib/client/operations/resume/file-identity.js';
import { sessionTelling } from './support/told-facts.js';

const known: FileIdentity = { SIZE: '5', MDTM: '20260101000000' };

describe('the identity of a file', () => {
  it('is what SIZE and MDTM tell, as text', async () => {
    const session = sessionTelling({ SIZE: '213 5', MDTM: '213 20260101000000' });
    expect(await askIdentity(session.real, '/a')).toEqual(known);
    expect(session.told).toEqual(['TYPE I', 'SIZE /a', 'MDTM /a']);
  });

  it('lacks what the server does not know, which is not asked again', async () => {
    const session = sessionTelling({ SIZE: '502 No.', MDTM: '500 What?' });
    const none = { SIZE: undefined, MDTM: undefined };
    expect(await askIdentity(session.real, '/a')).toEqual(none);
    expect(await askIdentity(session.real, '/a')).toEqual(none);
    expect(session.told.filter((line) => line.startsWith('MDTM'))).toHaveLength(1);
  });

  it('lacks what is refused, unless it was told before: then the refusal counts', async () => {
    const session = sessionTelling({ SIZE: '213 5', MDTM: '550 No.' });
    expect(await askIdentity(session.real, '/a')).toEqual({ SIZE: '5', MDTM: undefined });
    await expect(askIdentity(session.real, '/a', known)).rejects.toMatchObject({ command: 'MDTM /a' });
  });

  it.each<[FileIdentity, FileIdentity, string | undefined]>([
    [known, known, undefined],
    [known, { ...known, SIZE: '6' }, 'SIZE was 5, and is 6 now'],
    [known, { ...known, MDTM: '2' }, 'MDTM was 20260101000000, and is 2 now'],
    [known, { ...known, MDTM: undefined }, 'MDTM was 20260101000000, and is not told now'],
    [{ ...known, MDTM: undefined }, known, undefined],
  ])('%o is compared with %o', (before, now, difference) => {
    expect(differenceOf(before, now)).toBe(difference);
  });

  it.each([
    ['5', 5],
    [undefined, undefined],
    ['many', undefined],
  ])('has the size that %o tells', (SIZE, size) => {
    expect(sizeIn({ SIZE, MDTM: undefined })).toBe(size);
  });
});

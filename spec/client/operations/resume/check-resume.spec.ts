import { describe, expect, it } from 'vitest';
import {
  checkRetrResume,
  checkStorResume,
  refuseAsciiResume,
  resumeOf,
} from '../../../../lib/client/operations/resume/check-resume.js';
import { FtpUsageError } from '../../../../lib/errors.js';

describe('the option resume', () => {
  it.each([
    [undefined, undefined],
    [false, undefined],
    [true, { overlapBytes: 4096, fromStart: false }],
    [{}, { overlapBytes: 4096, fromStart: false }],
    [
      { overlapBytes: 0, fromStart: true },
      { overlapBytes: 0, fromStart: true },
    ],
  ])('%o is filled in', (given, expected) => {
    expect(resumeOf(given)).toEqual(expected);
  });

  it.each([
    undefined,
    false,
    true,
    {},
    { overlapBytes: 64 * 1024 * 1024 },
    { fromStart: false },
  ])('of a download may be %o', (resume) => {
    expect(() => checkRetrResume(resume, false)).not.toThrow();
  });

  it.each([
    [null, 'must be true, false, or an object'],
    ['yes', 'must be true, false, or an object'],
    [{ overlap: 1 }, 'overlapBytes'],
    [{ overlapBytes: -1 }, 'overlapBytes'],
    [{ overlapBytes: 1.5 }, 'overlapBytes'],
    [{ overlapBytes: 64 * 1024 * 1024 + 1 }, '67108864 at most'],
    [{ fromStart: 'yes' }, 'fromStart must be true or false'],
  ])('of a download may not be %o', (resume, message) => {
    expect(() => checkRetrResume(resume, false)).toThrow(FtpUsageError);
    expect(() => checkRetrResume(resume, false)).toThrow(message);
  });

  it.each([undefined, false, true])('of an upload may be %o', (resume) => {
    expect(() => checkStorResume(resume, false)).not.toThrow();
  });

  it.each([{}, null, 1])('of an upload may not be %o', (resume) => {
    expect(() => checkStorResume(resume, false)).toThrow('must be true or false');
  });

  it('is not for the type ascii', () => {
    for (const check of [checkRetrResume, checkStorResume]) {
      expect(() => check(true, true)).toThrow("type: 'binary'");
      expect(() => check(false, true)).not.toThrow();
    }
    expect(refuseAsciiResume).toThrow(FtpUsageError);
  });
});

import { describe, expect, it } from 'vitest';
import { lineLimit } from '../../lib/control/line-limit.js';
import { profileOf } from '../../lib/control/server-profile.js';

const other = profileOf('Ready');
const inetutils = profileOf('host FTP server (GNU inetutils 2.4) ready.');

describe('how long a command line may be', () => {
  it.each([
    ['a server that is not known', other, undefined, 510, true],
    ['as the user says', other, 20_000, 20_000, true],
    ['as the user says, for less', other, 100, 100, true],
    ['a known server', inetutils, undefined, 511, false],
    ['a known server, whatever the user says', inetutils, 20_000, 511, false],
    ['a known server, as the user says for less', inetutils, 100, 100, true],
  ])('goes by both: %s', (_name, profile, maxCommandBytes, bytes, canBeRaised) => {
    const limit = lineLimit(profile, maxCommandBytes);
    expect(limit.bytes).toBe(bytes);
    expect(limit.advice.includes('maxCommandBytes')).toBe(canBeRaised);
  });
});

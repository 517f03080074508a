/** How the data connections of a session are protected: as it was asked for, or not at all. */
import { describe, expect, it } from 'vitest';
import { protectionOf } from '../../lib/data/open-data.js';
import { FtpSecurityError } from '../../lib/errors.js';
import type { TlsLink } from '../../lib/net/tls-link.js';
import { FakeSession } from './support/fake-session.js';

const tls = {} as TlsLink;

interface Staging {
  readonly secure?: 'explicit' | 'implicit' | false;
  readonly dataProtection?: 'private' | 'clear';
  /** What the user has set by PROT. */
  readonly asked?: string;
  /** What the server is set to. */
  readonly level?: string;
  readonly tls?: TlsLink | undefined;
}

function staged({ secure = 'explicit', dataProtection = 'private', asked, level = 'P', ...rest }: Staging) {
  const session = new FakeSession();
  session.settings = { ...session.settings, secure, dataProtection };
  session.server = { ...session.server, protection: level };
  session.tls = 'tls' in rest ? rest.tls : tls;
  if (asked !== undefined) session.user.applied.protection = asked;
  return session.real;
}

describe('a data connection', () => {
  it.each<[string, Staging]>([
    ['the session is secure', {}],
    ['the session is secure from its first byte', { secure: 'implicit' }],
    ['the user has set that, though the options do not', { dataProtection: 'clear', asked: 'P' }],
    ['the user has secured the session himself', { secure: false, asked: 'P' }],
  ])('is private where %s', (_why, staging) => {
    expect(protectionOf(staged(staging))).toBe(tls);
  });

  it.each<[string, Staging]>([
    ['the session is not secure', { secure: false, level: 'C', tls: undefined }],
    ['the options say so', { dataProtection: 'clear', level: 'C' }],
    ['the user has set that, though the options do not', { asked: 'C', level: 'C' }],
    ['the user has secured the session himself, and no more', { secure: false, level: 'C' }],
  ])('is clear where %s', (_why, staging) => {
    expect(protectionOf(staged(staging))).toBeUndefined();
  });

  it.each<[string, Staging, string]>([
    ['clear where it should be private', { level: 'C' }, 'are at protection level C where P is asked for'],
    ['private where it should be clear', { secure: false }, 'are at protection level P where C is asked for'],
    ['in doubt', { level: 'in doubt' }, 'are at protection level in doubt where P is asked for'],
    ['at a level that is not known here', { asked: 'S', level: 'S' }, 'level S, which is neither P nor C'],
    ['private without TLS', { tls: undefined }, 'cannot be at protection level P'],
  ])('is not made %s', (_what, staging, why) => {
    const opening = () => protectionOf(staged(staging));
    expect(opening).toThrow(FtpSecurityError);
    expect(opening).toThrow(why);
    expect(opening).toThrow(expect.objectContaining({ outcome: 'none' }));
  });
});

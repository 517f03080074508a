/** Checks the reading and comparing of a fingerprint; spec/tls/pinned.spec.ts has the handshakes. */
import type { PeerCertificate } from 'node:tls';
import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { FtpSecurityError } from '../../lib/errors.js';
import { fingerprintDigits, pinned } from '../../lib/net/tls-pin.js';

const DIGITS = 'AB'.repeat(32);
const OTHER = 'CD'.repeat(32);
const certificate = (fingerprint256: string): PeerCertificate => ({ fingerprint256 }) as PeerCertificate;

describe('fingerprintDigits', () => {
  it.each([
    ['too short', DIGITS.slice(1)],
    ['too long', `${DIGITS}0`],
    ['no hexadecimal', `G${DIGITS.slice(1)}`],
    ['a line more', `${DIGITS}\n`],
    ['empty', ''],
    ['no text', 5],
    ['missing', undefined],
  ])('is undefined for what is %s', (_what, given) => {
    expect(fingerprintDigits(given)).toBeUndefined();
  });

  it('does not depend on colons and on the case of letters', () => {
    const digits = fc.array(fc.constantFrom(...'0123456789abcdefABCDEF'), { minLength: 64, maxLength: 64 });
    fc.assert(
      fc.property(digits, fc.integer({ min: 1, max: 64 }), (given, every) => {
        const text = given.map((digit, at) => (at % every === 0 ? `:${digit}` : digit)).join('');
        expect(fingerprintDigits(text)).toBe(given.join('').toUpperCase());
      }),
    );
  });
});

describe('pinned', () => {
  it('leaves options without a fingerprint as they are', () => {
    expect(pinned({ servername: 'x', fingerprint256: undefined })).toEqual({ servername: 'x' });
  });

  it('takes the one certificate, whatever its chain and name', () => {
    const options = pinned({ fingerprint256: DIGITS.toLowerCase() });
    expect(options).not.toHaveProperty('fingerprint256');
    expect(options.rejectUnauthorized).toBe(false);
    expect(options.checkServerIdentity?.('any', certificate(DIGITS))).toBeUndefined();
  });

  it.each([
    [OTHER, OTHER],
    [undefined, 'unknown'],
  ])('refuses the fingerprint %s, and shows it', (actual, shown) => {
    const fault = pinned({ fingerprint256: DIGITS }).checkServerIdentity?.('any', certificate(actual as string));
    expect(fault).toBeInstanceOf(FtpSecurityError);
    expect(fault?.message).toContain(`its fingerprint is ${shown}`);
  });

  it("asks the user's own check behind the fingerprint, and node's where the chain is to count", () => {
    const fault = new Error('not this one');
    const checkServerIdentity = vi.fn(() => fault);
    const own = pinned({ fingerprint256: DIGITS, checkServerIdentity });
    expect(own.checkServerIdentity?.('a', certificate(OTHER))).toBeInstanceOf(FtpSecurityError);
    expect(checkServerIdentity).not.toHaveBeenCalled();
    expect(own.checkServerIdentity?.('a', certificate(DIGITS))).toBe(fault);
    const strict = pinned({ fingerprint256: DIGITS, rejectUnauthorized: true });
    const peer = { ...certificate(DIGITS), subjectaltname: 'DNS:b.example' } as PeerCertificate;
    expect(strict.rejectUnauthorized).toBe(true);
    expect(strict.checkServerIdentity?.('a.example', peer)).toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
    expect(strict.checkServerIdentity?.('b.example', peer)).toBeUndefined();
  });
});

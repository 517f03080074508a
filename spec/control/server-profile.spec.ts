import { describe, expect, it } from 'vitest';
import { profileOf } from '../../lib/control/server-profile.js';
import { LOCK_STEP } from '../../lib/control/sliding-window.js';

describe('what a server may be met with', () => {
  it.each([
    ['(vsFTPd 3.0.3)', true, 4096],
    ['ProFTPD Server (Debian) [::ffff:127.0.0.1]', true, 4096],
    ['ProFTPD 1.3.8 Server ready.', true, 4096],
    ['--------- Welcome to Pure-FTPd [privsep] [TLS] ----------\nYou are user number 1 of 50 allowed.', true, 4096],
    ['pyftpdlib 1.5.7 ready.', false, 2048],
    ['host FTP server (GNU inetutils 2.4) ready.', false, 511],
  ])('is known by its greeting: %s', (welcome, earlyPort, lineBytes) => {
    const profile = profileOf(welcome);
    expect(profile.lineBytes).toBe(lineBytes);
    expect(profile.earlyPort).toBe(earlyPort);
    expect(profile.window.commands).toBeGreaterThan(1);
    expect(profile.window.commands).toBeLessThanOrEqual(32);
    // Far below the 4096 bytes at which ProFTPD and Pure-FTPd stall under TLS, also with a TYPE before a SIZE.
    expect(profile.window.bytes + 'TYPE I\r\n'.length).toBeLessThanOrEqual(2048);
  });

  it.each([
    ['--------- Welcome to Pure-FTPd [privsep] [TLS] ----------', true],
    ['ProFTPD 1.3.8 Server ready.', false],
    ['A server of which nothing is known', false],
  ])('needs no PRET though FEAT names it: %s', (welcome, needsNoPret) => {
    expect(profileOf(welcome).needsNoPret ?? false).toBe(needsNoPret);
  });

  it.each([
    ['(vsFTPd 3.0.3)', true],
    ['--------- Welcome to Pure-FTPd [privsep] [TLS] ----------', true],
    ['ProFTPD 1.3.8 Server ready.', false],
    // It resets a data connection whose ClientHello overtakes the command.
    ['pyftpdlib 1.5.7 ready.', false],
    ['host FTP server (GNU inetutils 2.4) ready.', false],
  ])('is sent a ClientHello before the command, or not: %s', (welcome, earlyHello) => {
    expect(profileOf(welcome).earlyHello ?? false).toBe(earlyHello);
  });

  it.each([
    ['(vsFTPd 3.0.3)', true],
    ['ProFTPD 1.3.8 Server ready.', true],
    ['--------- Welcome to Pure-FTPd [privsep] [TLS] ----------', true],
    ['pyftpdlib 1.5.7 ready.', true],
    // Its lines end in LF in TYPE I.
    ['host FTP server (GNU inetutils 2.4) ready.', false],
  ])('lists in any type alike, or not: %s', (welcome, listsInAnyType) => {
    expect(profileOf(welcome).listsInAnyType ?? false).toBe(listsInAnyType);
  });

  it('has uploads begun anew where the greeting is that of ftp-srv', () => {
    const expected = { answersOnce: false, window: LOCK_STEP, earlyPort: false, spoilsRestart: true };
    for (const welcome of ['Ready', 'Welcome.\nReady']) expect(profileOf(welcome)).toEqual(expected);
  });

  it.each([
    '',
    'Ready to serve',
    'Microsoft FTP Service',
    'FileZilla Server 1.8.0',
    'Welcome; this is not notvsFTPdx',
    'ProFTPDish',
  ])('is one thing at a time for any other: "%s"', (welcome) => {
    expect(profileOf(welcome)).toEqual({ answersOnce: false, window: LOCK_STEP, earlyPort: false });
  });
});

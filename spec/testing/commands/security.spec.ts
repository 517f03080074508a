import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { TestServerOptions } from '../../../lib/testing/index.js';
import { type Certificate, CertificateAuthority } from '../../support/certificates.js';
import { readToEnd } from '../../support/raw-client.js';
import { connected, dialogue, type Line, loggedIn, type RawSession } from '../support/raw.js';

let authority: CertificateAuthority;
let pair: Certificate;

beforeAll(async () => {
  authority = await CertificateAuthority.create();
  pair = await authority.issue();
});

const trusting = (): ConnectionOptions => ({ ca: authority.cert, host: '127.0.0.1' });

type Tls = NonNullable<TestServerOptions['secure']>;

/** Secured by AUTH TLS, or from the first byte; logged in. */
async function secured(options: Partial<Tls> & Pick<Tls, 'mode'>): Promise<RawSession> {
  const at = await connected({ secure: { ...pair, ...options } });
  if (options.mode === 'implicit') await at.client.secure(trusting());
  expect(await at.client.reply()).toContain('220 ');
  if (options.mode === 'explicit') {
    expect(await at.client.send('AUTH TLS')).toContain('234 ');
    await at.client.secure(trusting());
  }
  for (const line of ['USER me', 'PASS x', 'TYPE I', 'PBSZ 0', 'PROT P']) await at.client.send(line);
  return at;
}

describe('TLS', () => {
  const cases = (['explicit', 'implicit'] as const).flatMap((mode) =>
    (['TLSv1.2', 'TLSv1.3'] as const).map((version) => ({ mode, version })),
  );

  it.each(cases)('protects control and data connections ($mode, $version)', async ({ mode, version }) => {
    await using at = await secured({ mode, minVersion: version, maxVersion: version });
    const control = at.client.socket as TLSSocket;
    expect(control.getProtocol()).toBe(version);
    for (const isSecond of [false, true]) {
      const raw = await at.client.passive();
      const opening = at.client.send('RETR a.txt');
      const session = control.getSession();
      const data = connect({ socket: raw, ...trusting(), ...(session && { session }) });
      let isReused = false;
      data.once('secureConnect', () => {
        isReused = data.isSessionReused();
      });
      expect((await readToEnd(data)).toString()).toBe('hello');
      if (isSecond) expect(isReused).toBe(true);
      expect(await opening).toContain('150 ');
      expect(await at.client.code()).toBe(226);
      data.destroy();
    }
  });

  it('needs no timers of the test', async () => {
    vi.useFakeTimers();
    await using at = await secured({ mode: 'explicit' });
    expect(await at.client.send('PWD')).toContain('257 ');
    expect(await at.client.send('HASH a.txt')).toContain('213 ');
    vi.useRealTimers();
  });

  it('leaves data connections in clear text by PROT C', async () => {
    await using at = await secured({ mode: 'explicit' });
    expect(await at.client.send('PROT C')).toContain('200 ');
    expect((await at.client.download('RETR a.txt')).bytes.toString()).toBe('hello');
  });

  it('is refused where it does not fit', async () => {
    await using at = await secured({ mode: 'explicit' });
    const lines: Line[] = [
      ['AUTH TLS', '503 '],
      ['CCC', '534 '],
      ['PROT E', '536 '],
      ['PBSZ 0', '200 '],
    ];
    expect(await dialogue(at.client, lines)).toEqual(lines);
    expect(await at.client.send('FEAT')).toContain(' AUTH TLS\r\n PBSZ\r\n PROT\r\n');
  });

  it.each(['explicit', 'implicit'] as const)('protects data connections after PBSZ alone (%s)', async (mode) => {
    await using at = await connected({ secure: { mode, ...pair } });
    if (mode === 'explicit') {
      await at.client.reply();
      await at.client.send('AUTH TLS');
    }
    await at.client.secure(trusting());
    if (mode === 'implicit') await at.client.reply();
    const lines: Line[] = [
      ['PROT P', '503 PBSZ comes first.'],
      ['PBSZ', '501 '],
      ['PBSZ x', '501 '],
      ['PBSZ -1', '501 '],
      ['PBSZ 4294967296', '501 '],
      ['PROT P', '503 '],
      ['PBSZ 4294967295', '200 PBSZ=0'],
      ['PROT P', '200 '],
      ['REIN', '220 '],
      ['PROT C', '200 '],
    ];
    expect(await dialogue(at.client, lines)).toEqual(lines);
  });

  it('is not there without a certificate', async () => {
    await using at = await loggedIn();
    const lines: Line[] = [
      ['AUTH TLS', '502 '],
      ['PBSZ 0', '503 '],
      ['PROT P', '503 '],
      ['CCC', '533 '],
    ];
    expect(await dialogue(at.client, lines)).toEqual(lines);
  });

  it('knows AUTH TLS alone', async () => {
    await using at = await loggedIn({ secure: { mode: 'explicit', ...pair } });
    const lines: Line[] = [
      ['AUTH SSL', '504 '],
      ['AUTH', '501 '],
      ['AUTH tls-c', '234 '],
    ];
    expect(await dialogue(at.client, lines)).toEqual(lines);
  });

  it('answers no command that came in clear text behind AUTH', async () => {
    await using at = await connected({ secure: { mode: 'explicit', ...pair } });
    await at.client.reply();
    at.client.write('AUTH TLS\r\nDELE a.txt\r\n');
    expect(await at.client.code()).toBe(234);
    await at.client.secure(trusting());
    expect(await at.client.send('NOOP')).toBe('200 Nothing was done.');
  });

  it('forgets the login that came before it', async () => {
    await using at = await loggedIn({ secure: { mode: 'explicit', ...pair } });
    await at.client.send('AUTH TLS');
    await at.client.secure(trusting());
    expect(await at.client.send('PWD')).toContain('530 ');
  });

  it.each(['explicit', 'implicit'] as const)('ends the session when its handshake fails (%s)', async (mode) => {
    await using at = await connected({ secure: { mode, ...pair } });
    if (mode === 'explicit') {
      await at.client.reply();
      await at.client.send('AUTH TLS');
    }
    at.client.write('this is no ClientHello\r\n');
    await at.client.reply();
    expect(await at.client.reply()).toBeUndefined();
  });

  it('that fails on a data connection is a 425', async () => {
    await using at = await secured({ mode: 'explicit' });
    const data = await at.client.passive();
    data.on('error', () => {});
    await at.client.send('RETR a.txt');
    data.write('this is no ClientHello\r\n');
    expect(await at.client.reply()).toBe('425 Cannot open the data connection.');
    data.destroy();
  });
});

/** How a session is secured: explicit and implicit, by option and by URL, and in which order the server is told what. */
import { firstValueFrom, lastValueFrom, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { connect$, FtpClient, type FtpOptions, FtpTimeoutError } from '../../lib/index.js';
import { observe } from '../support/observe.js';
import { type ScriptedServer, scriptedServer } from '../support/scripted-server.js';
import { expectNothingInClear, names, secureClient, secureOptions } from './support/secure-client.js';

const files = { [names.file]: 'hello' };

describe('explicit TLS', () => {
  it('says AUTH TLS alone in clear, then logs in, protects the data and learns the features', async () => {
    await using server = await scriptedServer({ tls: 'explicit', files });
    await using ftp = secureClient(server, { directory: names.directory });
    await lastValueFrom(ftp.noop$());
    expect(server.clear.toString()).toBe('AUTH TLS\r\n');
    const login = ['AUTH TLS', `USER ${names.user}`, `PASS ${names.password}`, 'PBSZ 0', 'PROT P', 'FEAT'];
    expect(server.commands).toEqual([...login, 'OPTS UTF8 ON', `CWD ${names.directory}`, 'NOOP']);
    expectNothingInClear(server);
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('moves files and listings under %s', async (version) => {
    const options = { minVersion: version, maxVersion: version };
    await using server = await scriptedServer({ tls: { mode: 'explicit', options }, files });
    await using ftp = secureClient(server);
    await moveEverything(ftp, server);
  });

  it('is an option of connect$ alike', async () => {
    await using server = await scriptedServer({ tls: 'explicit', files });
    using session = observe(connect$(secureOptions(server)));
    const ftp = await session.nth(1);
    expect(await bytesOf(ftp)).toBe('hello');
    session.unsubscribe();
    await server.event('control-closed');
    expectNothingInClear(server);
  });
});

describe('implicit TLS', () => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)('is TLS from the first byte (%s)', async (version) => {
    const options = { minVersion: version, maxVersion: version };
    await using server = await scriptedServer({ tls: { mode: 'implicit', options }, files });
    await using ftp = secureClient(server);
    await moveEverything(ftp, server);
    expect(server.clear.length).toBe(0);
    expect(server.commands).not.toContain('AUTH TLS');
    expect(server.commands.slice(2, 4)).toEqual(['PBSZ 0', 'PROT P']);
  });
});

describe('URLs', () => {
  it.each([
    ['ftpes', 'explicit'],
    ['ftps', 'implicit'],
  ] as const)('%s: is %s TLS', async (scheme, mode) => {
    await using server = await scriptedServer({ tls: mode, files });
    const { host, port } = server;
    const url = `${scheme}://${names.user}:${names.password}@${host}:${port}${names.directory}`;
    // A URL has no place for a CA: the system's authorities do not know the test's, and that must be noticed.
    const failed = observe(connect$(url)).failed;
    expect(await failed).toMatchObject({ code: 'ERR_FTP_SECURITY' });
    expect(server.commands.filter((line) => line !== 'AUTH TLS')).toEqual([]);
    expectNothingInClear(server);
  });
});

describe('the handshake', () => {
  const nothing = (): Promise<never> => new Promise(() => undefined);

  it('is bounded when the server says nothing (explicit)', async () => {
    await using server = await scriptedServer({ tls: 'explicit' });
    server.on('AUTH', (session) => session.reply('234 go').then(nothing));
    await expectTimeout(server, secureOptions(server));
  });

  it('is bounded when the server says nothing (implicit)', async () => {
    await using trusted = await scriptedServer({ tls: 'implicit' });
    await using silent = await scriptedServer({ greeting: nothing });
    await expectTimeout(silent, { ...secureOptions(trusted), port: silent.port });
  });

  async function expectTimeout(server: ScriptedServer, options: FtpOptions): Promise<void> {
    await using ftp = new FtpClient({ ...options, connectTimeoutMs: 100 });
    const error = await observe(ftp.noop$()).failed;
    expect(error).toBeInstanceOf(FtpTimeoutError);
    expect(error).toMatchObject({ phase: 'connect', afterMs: 100 });
    expectNothingInClear(server);
  }

  it('ends with whoever waited for it', async () => {
    await using server = await scriptedServer({ tls: 'explicit' });
    server.on('AUTH', (control) => control.reply('234 go').then(nothing));
    const session = observe(connect$(secureOptions(server)));
    await server.received('AUTH');
    session.unsubscribe();
    await server.event('control-ended');
    expectNothingInClear(server);
  });
});

async function moveEverything(ftp: FtpClient, server: ScriptedServer): Promise<void> {
  expect(await bytesOf(ftp)).toBe('hello');
  expect(await lastValueFrom(ftp.stor$(`${names.directory}/new`, 'sent'))).toMatchObject({ bytes: 4, done: true });
  expect(server.tree.file(`${names.directory}/new`)?.bytes.toString()).toBe('sent');
  await lastValueFrom(ftp.appe$(`${names.directory}/new`, ' more'));
  await lastValueFrom(ftp.stor$(`${names.directory}/empty`, ''));
  const entries = await firstValueFrom(ftp.entries$(names.directory).pipe(toArray()));
  expect(entries.map(({ name, size }) => [name, size])).toEqual(
    expect.arrayContaining([
      ['silent-name.bin', 5],
      ['new', 9],
      ['empty', 0],
    ]),
  );
  expect(await firstValueFrom(ftp.list$(names.directory).pipe(toArray()))).toHaveLength(3);
  expect(await firstValueFrom(ftp.nlst$(names.directory).pipe(toArray()))).toHaveLength(3);
  expectNothingInClear(server);
}

async function bytesOf(ftp: Pick<FtpClient, 'retr$'>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of ftp.retr$(names.file)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

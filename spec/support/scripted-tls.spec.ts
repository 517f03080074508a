import { once } from 'node:events';
import { type ConnectionOptions, connect } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { CertificateAuthority } from './certificates.js';
import { RawClient, readToEnd } from './raw-client.js';
import { type ScriptedServer, type ScriptedServerOptions, scriptedServer } from './scripted-server.js';

const files = { '/a.txt': 'hello' };

function trusting(server: ScriptedServer): ConnectionOptions {
  return { ca: server.tls?.authority.cert ?? '', host: server.host };
}

async function securedByAuth(options: ScriptedServerOptions) {
  const server = await scriptedServer({ files, ...options });
  const client = await RawClient.connect(server);
  await client.reply();
  expect(await client.send('AUTH TLS')).toContain('234');
  const control = await client.secure(trusting(server));
  for (const line of ['USER me', 'PASS secret', 'TYPE I', 'PBSZ 0', 'PROT P']) await client.send(line);
  const close = (): Promise<void> => {
    control.destroy();
    client.socket.destroy();
    return server.close();
  };
  return { server, client, control, [Symbol.asyncDispose]: close };
}

describe('explicit TLS', () => {
  const cases = (['TLSv1.2', 'TLSv1.3'] as const).flatMap((maxVersion) =>
    (['whole', 'bytes'] as const).map((chunking) => ({ maxVersion, chunking })),
  );

  it.each(cases)('protects control and data ($maxVersion, $chunking)', async ({ maxVersion, chunking }) => {
    await using at = await securedByAuth({ chunking, tls: { mode: 'explicit', options: { maxVersion } } });
    for (const _round of [1, 2]) {
      const raw = await at.client.passive();
      const opening = at.client.send('RETR a.txt');
      const session = at.control.getSession();
      const data = connect({ socket: raw, ...trusting(at.server), ...(session && { session }) });
      expect((await readToEnd(data)).toString()).toBe('hello');
      expect(await opening).toContain('150');
      expect(await at.client.code()).toBe(226);
      data.destroy();
    }
    const resumed = at.server.journal.of('data-secured').map((event) => event.resumed);
    expect(resumed).toEqual([true, true]);
    expect(at.server.clear.toString()).toBe('AUTH TLS\r\n');
    expect(at.server.events.find((event) => event.kind === 'command' && event.verb === 'PASS')).toMatchObject({
      secure: true,
    });
  });

  it('refuses a data connection without resumption when told so', async () => {
    await using at = await securedByAuth({ tls: { mode: 'explicit', requireReuse: true } });
    const raw = await at.client.passive();
    const opening = at.client.send('RETR a.txt');
    const data = connect({ socket: raw, ...trusting(at.server) });
    data.on('error', () => undefined);
    expect(await opening).toContain('150');
    expect(await at.client.code()).toBe(522);
    expect(await at.client.reply()).toBeUndefined();
    data.destroy();
  });

  it('can have another certificate on data connections', async () => {
    const authority = await CertificateAuthority.create();
    const [certificate, dataCertificate] = [await authority.issue(), await authority.issueForOtherHost()];
    await using server = await scriptedServer({ tls: { mode: 'explicit', certificate, dataCertificate }, files });
    using client = await RawClient.connect(server);
    await client.reply();
    await client.send('AUTH TLS');
    await client.secure({ ca: authority.cert, host: server.host });
    for (const line of ['USER me', 'PASS secret', 'PBSZ 0', 'PROT P']) await client.send(line);
    const raw = await client.passive();
    client.write('RETR a.txt\r\n');
    const data = connect({ socket: raw, ca: authority.cert, host: server.host });
    const [error] = await once(data, 'error');
    expect(error).toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('records a handshake that the client broke off (%s)', async (maxVersion) => {
    await using server = await scriptedServer({ tls: { mode: 'explicit', options: { maxVersion } } });
    using client = await RawClient.connect(server);
    await client.reply();
    await client.send('AUTH TLS');
    client.write('this is no ClientHello');
    expect((await server.event('tls-failed')).error).toBeInstanceOf(Error);
  });

  it('injects clear bytes behind the 234', async () => {
    await using server = await scriptedServer({ tls: 'explicit' });
    server.on('AUTH', (session) => session.replyRaw('234 go\r\n230 injected\r\n'));
    using client = await RawClient.connect(server);
    await client.reply();
    expect(await client.send('AUTH TLS')).toBe('234 go');
    expect(await client.reply()).toBe('230 injected');
  });
});

describe('implicit TLS', () => {
  it('greets under TLS', async () => {
    await using server = await scriptedServer({ tls: 'implicit', files });
    using client = await RawClient.connect(server);
    await client.secure(trusting(server));
    expect(await client.reply()).toBe('220 Ready (rxftp test server)');
    expect(server.clear.length).toBe(0);
  });

  it('sees a client certificate', async () => {
    const authority = await CertificateAuthority.create();
    const mine = await authority.issueClient();
    const options = { requestCert: true, rejectUnauthorized: true, ca: authority.cert };
    await using server = await scriptedServer({ tls: { mode: 'implicit', options } });
    using client = await RawClient.connect(server);
    await client.secure({ ...trusting(server), ...mine });
    expect(await client.reply()).toBe('220 Ready (rxftp test server)');
  });

  it.each([
    ['expired', 'CERT_HAS_EXPIRED'],
    ['other', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ])('presents a certificate that is %s', async (kind, code) => {
    const authority = await CertificateAuthority.create();
    const certificate = await (kind === 'expired' ? authority.issueExpired() : authority.issueForOtherHost());
    await using server = await scriptedServer({ tls: { mode: 'implicit', certificate } });
    using client = await RawClient.connect(server);
    await expect(client.secure({ ca: authority.cert, host: server.host })).rejects.toMatchObject({ code });
  });
});

import { once } from 'node:events';
import { connect } from 'node:tls';
import { beforeAll, describe, expect, it } from 'vitest';
import { FtpUsageError } from '../../lib/index.js';
import { connectTo, HOST, listenOn, portOf, secureConnection, serverTls } from '../../lib/testing/server-sockets.js';
import { type Certificate, CertificateAuthority } from '../support/certificates.js';
import { socketPair } from './support/socket-pair.js';

let authority: CertificateAuthority;
let pair: Certificate;

beforeAll(async () => {
  authority = await CertificateAuthority.create();
  pair = await authority.issue();
});

describe('the listener', () => {
  it('takes a free port of 127.0.0.1, and no port that is in use', async () => {
    const server = await listenOn(0, (socket) => socket.destroy());
    const port = portOf(server);
    expect(server.address()).toMatchObject({ address: HOST, port });
    await expect(listenOn(port, () => {})).rejects.toThrow(`Port ${port} of 127.0.0.1 is in use`);
    await expect(listenOn(port, () => {})).rejects.toBeInstanceOf(FtpUsageError);
    server.close();
    await once(server, 'close');
    await expect(connectTo({ host: HOST, port }, () => {})).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

describe('TLS', () => {
  it('knows its certificate, and no key of another', () => {
    const { fingerprint256, options } = serverTls({ mode: 'explicit', ...pair });
    expect(fingerprint256).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    expect(options).toMatchObject({ key: pair.key, cert: pair.cert });
    const bytes = { mode: 'explicit', key: Buffer.from(pair.key), cert: Buffer.from(pair.cert) } as const;
    expect(serverTls(bytes).fingerprint256).toBe(fingerprint256);
    expect(() => serverTls({ mode: 'explicit', key: 'k', cert: pair.cert })).toThrow(FtpUsageError);
  });

  it('is laid over a connection', async () => {
    using sockets = await socketPair();
    const client = connect({ socket: sockets.far, ca: authority.cert, host: HOST });
    const secured = await secureConnection(sockets.near, serverTls({ mode: 'explicit', ...pair }).options);
    secured.on('error', () => {});
    secured.write('x');
    expect(String((await once(client, 'data'))[0])).toBe('x');
    client.destroy();
  });

  it('is none where the handshake fails, or the client goes', async () => {
    const { options } = serverTls({ mode: 'explicit', ...pair });
    using failing = await socketPair();
    failing.far.resume().write('this is no ClientHello\r\n');
    await expect(secureConnection(failing.near, options)).rejects.toThrow();
    using leaving = await socketPair();
    const securing = secureConnection(leaving.near, options);
    leaving.far.resetAndDestroy();
    await expect(securing).rejects.toThrow();
  });
});

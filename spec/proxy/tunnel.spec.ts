import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { FtpConnectionError } from '../../lib/errors.js';
import { ProxyFault } from '../../lib/proxy/proxy-fault.js';
import { openTunnel, type ProxyHandshake } from '../../lib/proxy/tunnel.js';
import { CertificateAuthority } from '../support/certificates.js';
import { endpoint, proxyAt, rejection } from './support/parts.js';
import { ScriptedProxy } from './support/scripted-proxy.js';

const run = promisify(execFile);
const never = new AbortController().signal;
const granted: ProxyHandshake = (stream) => Promise.resolve(stream);

/** A handshake that never ends by itself. */
const silent =
  (onBegun: () => void = () => {}): ProxyHandshake =>
  (stream) =>
    new Promise((_resolve, reject) => {
      stream.on('error', () => undefined).once('close', () => reject(new Error('closed')));
      onBegun();
    });

describe('a tunnel', () => {
  it('is what the handshake gives, over a connection to the proxy', async () => {
    await using proxy = await ScriptedProxy.start(() => {});
    const given: Duplex[] = [];
    const stream = await openTunnel(proxyAt(proxy.name), endpoint, never, async (socket) => {
      given.push(socket);
      return socket;
    });
    expect([given, proxy.connections]).toEqual([[stream], 1]);
    expect((stream as unknown as { readonly remoteAddress: string }).remoteAddress).toBe('127.0.0.2');
    stream.destroy();
    await proxy.idle();
  });

  it('comes from localAddress', async () => {
    let from: string | undefined;
    await using proxy = await ScriptedProxy.start(({ socket }) => {
      from = socket.remoteAddress;
    });
    const stream = await openTunnel(proxyAt(proxy.name), { ...endpoint, localAddress: '127.0.0.9' }, never, granted);
    stream.destroy();
    await proxy.idle();
    expect(from).toBe('127.0.0.9');
  });

  it.each<[string, string, boolean]>([
    ['a proxy that is not there', '127.0.0.2:1', true],
    ['a name that does not exist', 'proxy.example.invalid:1080', false],
  ])('to %s is an error that names both', async (_what, name, transient) => {
    const error = await rejection(openTunnel(proxyAt(name), endpoint, never, granted));
    expect(error).toBeInstanceOf(FtpConnectionError);
    expect(error).toMatchObject({ phase: 'connect', channel: 'control', transient });
    expect(error.message).toMatch(
      new RegExp(`^The control connection to ftp.example.invalid:2121 through the proxy ${name} could not be opened: `),
    );
    expect(error.message).toMatch(/the proxy was not reached \(.*(ECONNREFUSED|ENOTFOUND|EAI_AGAIN)/);
  });

  it("leaves errors of this machine's side as they are: the options are told of them", async () => {
    await using proxy = await ScriptedProxy.start(() => {});
    const from = { ...endpoint, localAddress: '192.0.2.1' };
    expect(await rejection(openTunnel(proxyAt(proxy.name), from, never, granted))).toMatchObject({ syscall: 'bind' });
  });

  it('whose handshake fails is closed, and its fault is told', async () => {
    await using proxy = await ScriptedProxy.start(() => {});
    const fault = new ProxyFault('it sleeps', { transient: false, advice: 'Wake it.' });
    const failed = openTunnel(proxyAt(proxy.name), endpoint, never, () => Promise.reject(fault));
    expect(await rejection(failed)).toMatchObject({ cause: fault, transient: false });
    await proxy.idle();
    const other = new Error('of another kind');
    const broken = openTunnel(proxyAt(proxy.name), endpoint, never, () => Promise.reject(other));
    expect(await rejection(broken)).toBe(other);
    await proxy.idle();
  });

  it('that is given up is closed at each step, and tells the reason', async () => {
    await using proxy = await ScriptedProxy.start(() => {});
    const reason = new Error('enough');
    const to = proxyAt(proxy.name);
    await expect(openTunnel(to, endpoint, AbortSignal.abort(reason), granted)).rejects.toBe(reason);
    const connecting = new AbortController();
    const first = openTunnel(to, endpoint, connecting.signal, granted);
    connecting.abort(reason);
    await expect(first).rejects.toBe(reason);
    const shaking = new AbortController();
    const second = openTunnel(
      to,
      endpoint,
      shaking.signal,
      silent(() => shaking.abort(reason)),
    );
    await expect(second).rejects.toBe(reason);
    const tls = new AbortController();
    const third = openTunnel({ ...to, scheme: 'https' }, endpoint, tls.signal, granted);
    setImmediate(() => tls.abort(reason));
    await expect(third).rejects.toBe(reason);
    await proxy.idle();
    expect(proxy.open).toBe(0);
  });

  it('does not heed its signal any more once it is there', async () => {
    await using proxy = await ScriptedProxy.start(() => {});
    const abort = new AbortController();
    const stream = await openTunnel(proxyAt(proxy.name), endpoint, abort.signal, granted);
    abort.abort();
    expect(stream.destroyed).toBe(false);
    stream.destroy();
    await proxy.idle();
  });
});

describe('a tunnel to a proxy under TLS', () => {
  it('is an error where the proxy speaks none', async () => {
    await using proxy = await ScriptedProxy.start(({ socket }) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const failed = openTunnel({ ...proxyAt(proxy.name), scheme: 'https' }, endpoint, never, granted);
    expect(await rejection(failed)).toMatchObject({
      phase: 'connect',
      transient: false,
      message: expect.stringMatching(/TLS with the proxy failed .*NODE_EXTRA_CA_CERTS/s),
    });
    await proxy.idle();
  });

  it("checks the proxy's certificate, and works where its authority is known", async () => {
    await using at = await secureProxy();
    const failed = openTunnel({ ...proxyAt(at.name), scheme: 'https' }, endpoint, never, granted);
    expect(await rejection(failed)).toMatchObject({
      transient: false,
      message: expect.stringMatching(/TLS with the proxy failed/),
    });
    const tsx = createRequire(import.meta.url).resolve('tsx/cli');
    const program = fileURLToPath(new URL('support/read-through.ts', import.meta.url));
    const args = [tsx, program, `https://me:secret@localhost:${at.name.split(':')[1]}`];
    const { stdout } = await run(process.execPath, args, { env: { ...process.env, NODE_EXTRA_CA_CERTS: at.ca } });
    expect(stdout).toBe('CONNECT ftp.example.invalid:21 HTTP/1.1 Basic bWU6c2VjcmV0, then: 220 Hello\n');
  });
});

/** A proxy under TLS that greets as the server, and tells what it was asked. */
async function secureProxy() {
  const authority = await CertificateAuthority.create();
  const directory = await mkdtemp(join(tmpdir(), 'rxftp-proxy-'));
  const ca = join(directory, 'authority.pem');
  await writeFile(ca, authority.cert);
  const sockets = new Set<TLSSocket>();
  const server = createTlsServer(
    await authority.issue({ names: ['localhost'], addresses: ['127.0.0.2'] }),
    (socket) => {
      sockets.add(socket.on('error', () => undefined));
      socket.once('data', (data: Buffer) => {
        const [first = '', ...fields] = data.toString().split('\r\n');
        const basic = fields.find((field) => field.startsWith('Proxy-Authorization: '))?.slice(21);
        socket.end(`HTTP/1.1 200 OK\r\n\r\n${first} ${basic}, then: 220 Hello\n`);
      });
    },
  );
  server.on('tlsClientError', () => undefined).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const dispose = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
    await rm(directory, { recursive: true });
  };
  const { port } = server.address() as AddressInfo;
  return { ca, name: `127.0.0.1:${port}`, [Symbol.asyncDispose]: dispose };
}

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { FtpUsageError } from '../../lib/errors.js';
import { destroyUnheard } from '../../lib/net/connection.js';
import type { ProxyServer } from '../../lib/proxy/proxy-server.js';
import { loadSocks, socksHandshake } from '../../lib/proxy/socks-handshake.js';
import { endpoint, proxyAt, rejection } from './support/parts.js';
import { type ProxyScript, ScriptedProxy } from './support/scripted-proxy.js';

const library = await loadSocks();

/** A proxy that runs `script`, and a connection to it whose handshake has begun. */
async function shaking(script: ProxyScript, more: Partial<ProxyServer> = {}) {
  const proxy = await ScriptedProxy.start(script);
  const server = proxyAt(proxy.name, more);
  const socket: Socket = connect({ host: server.host, port: server.port });
  await once(socket, 'connect');
  const done = socksHandshake(library, server, endpoint, socket);
  const dispose = async (): Promise<void> => {
    destroyUnheard(socket);
    await proxy[Symbol.asyncDispose]();
  };
  return { proxy, socket, done, [Symbol.asyncDispose]: dispose };
}

const NAME = Buffer.from(endpoint.host);
const REQUEST = [5, 1, 0, 3, NAME.length, ...NAME, 2121 >> 8, 2121 & 255];
const GRANTED = [5, 0, 0, 1, 0, 0, 0, 0, 0, 0];

describe('the handshake of SOCKS5', () => {
  it.each([false, true])('names the host, and leaves what follows to be read (byte by byte: %s)', async (slowly) => {
    const asked: number[][] = [];
    await using at = await shaking(async (client) => {
      const answer = async (bytes: readonly number[] | string): Promise<void> =>
        slowly ? client.sendSlowly(bytes) : client.send(bytes);
      asked.push([...(await client.take(3))]);
      await answer([5, 0]);
      asked.push([...(await client.take(REQUEST.length))]);
      await answer([...GRANTED, ...Buffer.from('220 Hello\r\n')]);
      await client.take(5);
      await answer('later');
    });
    const stream = await at.done;
    expect(stream).toBe(at.socket);
    expect(asked).toEqual([[5, 1, 0], REQUEST]);
    let text = '';
    const all = new Promise<void>((resolve) => {
      stream.on('data', (chunk) => {
        text += chunk;
        if (text === '220 Hello\r\n') stream.write('HELP\n');
        if (text.endsWith('later')) resolve();
      });
    });
    await all;
    expect(text).toBe('220 Hello\r\nlater');
    expect(['readable', 'error', 'close'].map((name) => stream.listenerCount(name))).toEqual([0, 0, 0]);
  });

  it('leaves the end to be seen, also where it came with the answer', async () => {
    await using at = await shaking(async (client) => {
      await client.take(3);
      client.send([5, 0]);
      await client.take(REQUEST.length);
      client.socket.end(Buffer.from([...GRANTED, ...Buffer.from('421 Full.\r\n')]));
    });
    const stream = await at.done;
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString()).toBe('421 Full.\r\n');
  });

  it('sends user and password as they are, up to 255 bytes each', async () => {
    const login = { user: 'ü'.repeat(127), password: 'p'.repeat(255) };
    const sent: Buffer[] = [];
    await using at = await shaking(async (client) => {
      sent.push(await client.take(4));
      client.send([5, 2]);
      sent.push(await client.take(2 + 254 + 1 + 255));
      client.send([1, 0]);
      await client.take(REQUEST.length);
      client.send(GRANTED);
    }, login);
    await at.done;
    const [methods, credentials = Buffer.alloc(0)] = sent;
    expect([...(methods ?? [])]).toEqual([5, 2, 0, 2]);
    expect(credentials.subarray(2, 256).toString()).toBe(login.user);
    expect(credentials.subarray(257).toString()).toBe(login.password);
  });

  it.each<[string, readonly number[] | string, { readonly transient: boolean; readonly message: RegExp }]>([
    ['SSH', 'SSH-2.0-OpenSSH\r\n', { transient: false, message: /no SOCKS5/ }],
    ['HTTP', 'HTTP/1.1 400 Bad Request\r\n\r\n', { transient: false, message: /no SOCKS5/ }],
    ['SOCKS4', [0, 90, 0, 0, 0, 0, 0, 0], { transient: false, message: /no SOCKS5/ }],
    ['no method that is known', [5, 0xff], { transient: false, message: /another authentication/ }],
    ['a method that was not offered', [5, 1], { transient: false, message: /was not offered/ }],
    ['zeros', new Array(64).fill(0), { transient: false, message: /no SOCKS5/ }],
  ])('answered by %s fails', async (_what, answer, { message, transient }) => {
    await using at = await shaking(async (client) => {
      await client.take(3);
      client.send(answer);
    });
    expect(await rejection(at.done)).toMatchObject({ transient, message: expect.stringMatching(message) });
  });

  it('answered in full before the password was sent fails', async () => {
    const script: ProxyScript = (client) => client.send([5, 2, 1, 0, ...GRANTED]);
    await using at = await shaking(script, { user: 'me', password: 'p' });
    expect(await rejection(at.done)).toMatchObject({
      transient: false,
      message: expect.stringMatching(/was not understood/),
    });
  });

  it.each([
    ['at once', 0],
    ['in its first answer', 1],
    ['after its first answer', 2],
  ])('that the proxy hangs up %s fails, and may succeed later', async (_when, count) => {
    await using at = await shaking(async (client) => {
      await client.take(3);
      client.socket.end(Buffer.from([5, 0].slice(0, count)));
    });
    expect(await rejection(at.done)).toMatchObject({
      transient: true,
      message: expect.stringMatching(/closed the connection/),
    });
  });

  it('that the proxy resets fails, and may succeed later', async () => {
    await using at = await shaking(async (client) => {
      await client.take(3);
      client.socket.resetAndDestroy();
    });
    expect(await rejection(at.done)).toMatchObject({ transient: true });
  });

  it('ends when the stream is destroyed', async () => {
    await using at = await shaking(() => {});
    destroyUnheard(at.socket);
    expect(await rejection(at.done)).toMatchObject({ message: expect.stringMatching(/closed the connection/) });
  });
});

describe('the library', () => {
  it('that is not installed is named, with the command that installs it', async () => {
    const missing = Object.assign(new Error("Cannot find package 'socks'"), { code: 'ERR_MODULE_NOT_FOUND' });
    const error = await rejection(loadSocks(() => Promise.reject(missing)));
    expect(error).toBeInstanceOf(FtpUsageError);
    expect(error).toMatchObject({ cause: missing, message: expect.stringMatching(/npm install socks$/) });
  });

  it('has the method that is called when its own time is over: else its timer is left for 30 s', () => {
    expect('onEstablishedTimeout' in library.SocksClient.prototype).toBe(true);
  });
});

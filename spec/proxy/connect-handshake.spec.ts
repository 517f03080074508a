import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { destroyUnheard } from '../../lib/net/connection.js';
import { MOST_HEAD_BYTES } from '../../lib/proxy/connect-faults.js';
import { connectHandshake } from '../../lib/proxy/connect-handshake.js';
import { proxyAt, rejection } from './support/parts.js';
import { type ProxyScript, ScriptedProxy } from './support/scripted-proxy.js';

const request = { authority: '[2001:db8::1]:21', headers: { 'X-Spec': 'yes' }, secrets: ['hunter2'] };

/** A proxy that runs `script`, and a connection to it whose handshake has begun. */
async function shaking(script: ProxyScript) {
  const proxy = await ScriptedProxy.start(script);
  const { host, port } = proxyAt(proxy.name);
  const socket: Socket = connect({ host, port });
  await once(socket, 'connect');
  const done = connectHandshake(request, socket);
  const dispose = async (): Promise<void> => {
    destroyUnheard(socket);
    await proxy[Symbol.asyncDispose]();
  };
  return { proxy, socket, done, [Symbol.asyncDispose]: dispose };
}

/** Answers the whole request by this, in pieces that end where they say. */
const answering =
  (text: string, cuts: readonly number[] = []): ProxyScript =>
  async (client) => {
    await client.takeUntil('\r\n\r\n');
    let from = 0;
    for (const cut of [...cuts, text.length].sort((a, b) => a - b)) {
      client.send(text.slice(from, cut));
      from = cut;
      await new Promise((resolve) => setImmediate(resolve));
    }
  };

async function readAll(stream: AsyncIterable<unknown>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

describe('CONNECT', () => {
  it('asks for the server, with the headers, and nothing of Node besides what HTTP needs', async () => {
    let head = '';
    await using at = await shaking(async (client) => {
      head = await client.takeUntil('\r\n\r\n');
      client.send('HTTP/1.1 200 OK\r\n\r\n');
    });
    await at.done;
    const [first, ...fields] = head.trimEnd().split('\r\n');
    expect(first).toBe('CONNECT [2001:db8::1]:21 HTTP/1.1');
    expect(fields.toSorted()).toEqual(['Connection: close', 'Host: [2001:db8::1]:21', 'X-Spec: yes']);
  });

  it.each([
    'HTTP/1.1 200 Connection established\r\n\r\n',
    'HTTP/1.0 200 Connection established\r\nProxy-agent: tinyproxy/1.11\r\n\r\n',
    'HTTP/1.1 200 \r\n\r\n',
    'HTTP/1.1 299 Odd\r\n\r\n',
    'HTTP/1.1 204 No Content\r\n\r\n',
    // No length counts in the answer to CONNECT (RFC 9110 section 9.3.6).
    'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n',
    `HTTP/1.1 200 OK\r\nX-Long: ${'x'.repeat(8_000)}\r\n\r\n`,
  ])('is granted by %j, and what follows is left to be read', async (answer) => {
    await using at = await shaking(async (client) => {
      await answering(`${answer}220 Hello\r\n`)(client);
      client.socket.end('331 Later\r\n');
    });
    expect(await at.done).toBe(at.socket);
    expect(await readAll(at.socket)).toBe('220 Hello\r\n331 Later\r\n');
  });

  it('does not care how the answer is cut', async () => {
    const text = 'HTTP/1.1 200 OK\r\nVia: spec\r\n\r\n220 Hello\r\n';
    const places = fc.uniqueArray(fc.integer({ min: 1, max: text.length - 1 }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(places, async (cuts) => {
        await using at = await shaking(async (client) => {
          await answering(text, cuts)(client);
          client.socket.end();
        });
        await at.done;
        expect(await readAll(at.socket)).toBe('220 Hello\r\n');
      }),
      { numRuns: 30 },
    );
  });

  it.each<[string, string, object]>([
    ['407', 'HTTP/1.1 407 Who?\r\nContent-Length: 2\r\n\r\nNo', { transient: false, status: 407 }],
    ['502 with an endless body', `HTTP/1.1 502 Bad\r\n\r\n${'x'.repeat(300_000)}`, { transient: true, status: 502 }],
    ['100', 'HTTP/1.1 100 Continue\r\n\r\n', { transient: false, status: 100 }],
    ['what it was asked', 'HTTP/1.1 400 hunter2\r\n\r\n', { message: 'the proxy answered 400 ***' }],
    ['HTTP/0.9', '<html>no</html>\r\n', { transient: false, message: expect.stringMatching(/is not HTTP/) }],
    ['SSH', 'SSH-2.0-OpenSSH_9.6\r\n', { transient: false, message: expect.stringMatching(/is not HTTP/) }],
    ['an FTP server', '220 Hello\r\n', { transient: false, message: expect.stringMatching(/is not HTTP/) }],
    ['zeros', '\0'.repeat(100), { transient: false, message: expect.stringMatching(/is not HTTP/) }],
    ['a header without an end', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(MOST_HEAD_BYTES)}`, { transient: false }],
    ['headers without an end', `HTTP/1.1 200 OK\r\n${'X: y\r\n'.repeat(9_999)}`, { transient: false }],
    ['a reason without an end', `HTTP/1.1 200 ${'x'.repeat(MOST_HEAD_BYTES * 2)}`, { transient: false }],
  ])('fails where it is answered by %s', async (_what, answer, expected) => {
    await using at = await shaking(answering(answer));
    expect(await rejection(at.done)).toMatchObject(expected);
  });

  it.each([
    '',
    'H',
    'HTTP/1.1 200 OK\r\n',
    'HTTP/1.1 200 OK\r\nVia: s',
  ])('fails where the proxy hangs up after %j, and may succeed later', async (text) => {
    await using at = await shaking(async (client) => {
      await answering(text)(client);
      client.socket.end();
    });
    const closed = { transient: true, message: expect.stringMatching(/closed the connection/) };
    expect(await rejection(at.done)).toMatchObject(closed);
  });

  it('ends when the stream is destroyed', async () => {
    await using at = await shaking(() => {});
    destroyUnheard(at.socket);
    expect(await rejection(at.done)).toMatchObject({ transient: true });
  });
});

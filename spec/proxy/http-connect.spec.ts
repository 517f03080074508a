import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { FtpConnectionError, FtpUsageError } from '../../lib/errors.js';
import { asConnection, type Connection } from '../../lib/net/connection.js';
import type { ConnectorEndpoint } from '../../lib/net/connector.js';
import { routeOf } from '../../lib/net/route.js';
import { httpConnect } from '../../lib/proxy/http-connect.js';
import { overhear, secret } from '../support/canary.js';
import { scriptedServer } from '../support/scripted-server.js';
import { type ConnectSetting, httpProxy } from './support/connect-script.js';
import { endpoint, rejection } from './support/parts.js';
import { ScriptedProxy } from './support/scripted-proxy.js';

const never = new AbortController().signal;
const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

/** A proxy by `setting`, and the heads of its requests. */
async function proxied(setting: ConnectSetting = {}, host?: string) {
  const heads: string[] = [];
  const proxy = await ScriptedProxy.start(httpProxy({ ...setting, onAsked: (head) => heads.push(head) }), host);
  return { proxy, heads, [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose]() };
}

async function open(
  url: string,
  to: ConnectorEndpoint = endpoint,
  headers?: Readonly<Record<string, string>>,
): Promise<Connection> {
  return asConnection(await httpConnect(url, headers)(to, never));
}

describe('httpConnect', () => {
  it('has the proxy resolve the name, which data connections are to go to', async () => {
    await using server = await scriptedServer();
    await using at = await proxied({ names: { [endpoint.host]: server.host } });
    const { stream, peer, direct } = await open(`http://${at.proxy.name}`, { ...endpoint, port: server.port });
    expect([peer, direct]).toEqual([endpoint.host, undefined]);
    expect(at.heads.join()).toMatch(/^CONNECT ftp\.example\.invalid:\d+ HTTP\/1\.1\r\n/);
    stream.destroy();
    await at.proxy.idle();
  });

  it('reaches IPv6 addresses, and a proxy that has one', async () => {
    await using server = await scriptedServer({ host: '::1' });
    await using at = await proxied({}, '::1');
    const { stream, peer } = await open(`http://${at.proxy.name}`, { ...endpoint, host: '::1', port: server.port });
    expect(peer).toBe('::1');
    expect(at.heads.join()).toMatch(/^CONNECT \[::1\]:\d+ HTTP\/1\.1\r\n/);
    stream.destroy();
    await at.proxy.idle();
  });

  it.each<[string, string, Readonly<Record<string, string>>, string]>([
    ['the user and password of the URL', 'me:p%40ss%3A@', {}, basic('me:p@ss:')],
    ['a user beyond ASCII', 'd%C3%A9@', {}, basic('dé:')],
    ['a scheme of the user', '', { 'Proxy-Authorization': 'Bearer abc' }, 'Bearer abc'],
    ['a scheme of the user above Basic', 'me:x@', { 'proxy-authorization': 'Bearer abc' }, 'Bearer abc'],
  ])('sends %s', async (_what, credentials, headers, authorization) => {
    await using server = await scriptedServer();
    await using at = await proxied({ authorization });
    const to = { ...endpoint, host: server.host, port: server.port };
    const { stream } = await open(`http://${credentials}${at.proxy.name}`, to, headers);
    expect(at.heads.join().match(/^proxy-authorization:/gim)).toHaveLength(1);
    stream.destroy();
    await at.proxy.idle();
  });

  it.each<[string, boolean, RegExp]>([
    ['HTTP/1.1 403 Forbidden\r\n\r\n', false, /answered 403 Forbidden\. Ask the proxy's administrator/],
    ['HTTP/1.1 502 Bad Gateway\r\n\r\n', true, /answered 502 Bad Gateway\. Check host and port/],
    ['HTTP/1.1 407 No hunter22 here\r\n\r\n', false, /answered 407 No \*\*\* here\. Check user and password/],
  ])('tells the refusal %j', async (answer, transient, message) => {
    secret('hunter22');
    await using at = await proxied({ authorization: basic('me:hunter22'), refuse: () => answer });
    const error = await rejection(open(`http://me:hunter22@${at.proxy.name}`));
    expect(error).toBeInstanceOf(FtpConnectionError);
    expect(error).toMatchObject({ channel: 'control', phase: 'connect', outcome: 'none', transient });
    expect(error.message).toMatch(message);
    expect(error.message).toContain(`through the proxy ${at.proxy.name} could not be opened`);
    overhear('the error', error);
    await at.proxy.idle();
  });

  it('tells that the proxy wants credentials', async () => {
    await using at = await proxied({ authorization: basic('me:right') });
    expect(await rejection(open(`http://${at.proxy.name}`))).toMatchObject({
      transient: false,
      cause: { status: 407 },
    });
    await at.proxy.idle();
  });

  it('refuses a host that HTTP cannot name, before it connects', async () => {
    await using at = await proxied();
    for (const host of ['a b', 'a/b', 'a:80', 'a\r\nX: y']) {
      const error = await rejection(open(`http://${at.proxy.name}`, { ...endpoint, host }));
      expect(error).toBeInstanceOf(FtpUsageError);
    }
    expect(at.proxy.connections).toBe(0);
  });

  it.each<[string, Readonly<Record<string, string>>, RegExp]>([
    ['socks5h://h', {}, /must begin with http:, https:\./],
    ['http://a%3Ab:c@h', {}, /has no colon/],
    ['http://h', { 'X-A': 'hunter2\r\nX-B: c' }, /that HTTP does not allow/],
    ['http://h', { 'X A': 'hunter2' }, /that HTTP does not allow/],
    ['http://h', { '': 'hunter2' }, /that HTTP does not allow/],
  ])('%s with %j is refused when it is given', (url, headers, message) => {
    secret('hunter2');
    let error: unknown;
    try {
      httpConnect(url, headers);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(FtpUsageError);
    expect((error as Error).message).toMatch(message);
    overhear('the error', error);
  });

  it('shows no credentials', () => {
    const connector = httpConnect('http://me:hunter2@proxy.example', { 'X-Token': 'hunter2' });
    expect(inspect(connector, { showHidden: true, depth: 9 })).not.toMatch(/hunter2|bWU6/);
    expect(routeOf(connector, endpoint)).toEqual({ connector, proxy: 'proxy.example:80' });
  });
});

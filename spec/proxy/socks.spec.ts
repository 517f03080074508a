import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { FtpConnectionError, FtpUsageError } from '../../lib/errors.js';
import { asConnection, type Connection } from '../../lib/net/connection.js';
import type { ConnectorEndpoint } from '../../lib/net/connector.js';
import { routeOf } from '../../lib/net/route.js';
import { socks, socksThrough } from '../../lib/proxy/socks.js';
import { overhear, secret } from '../support/canary.js';
import { scriptedServer } from '../support/scripted-server.js';
import { endpoint, proxyAt, rejection } from './support/parts.js';
import { ScriptedProxy } from './support/scripted-proxy.js';
import { type SocksSetting, socks4, socks5 } from './support/socks-script.js';

const never = new AbortController().signal;
const NO_LOGIN: SocksSetting['login'] = ['me', 'p@ss'];

/** A proxy by `setting`, and what it was asked for. */
async function proxied(setting: SocksSetting = {}, script = socks5, host?: string) {
  const asked: string[] = [];
  const proxy = await ScriptedProxy.start(script({ ...setting, onAsked: (each) => asked.push(each) }), host);
  return { proxy, asked, [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose]() };
}

async function open(url: string, to: ConnectorEndpoint = endpoint): Promise<Connection> {
  return asConnection(await socks(url)(to, never));
}

describe('socks', () => {
  it.each([
    ['socks5h', socks5],
    ['socks', socks5],
    ['socks4a', socks4],
  ])('%s: has the proxy resolve the name, which data connections are to go to', async (scheme, script) => {
    await using server = await scriptedServer();
    await using at = await proxied({ names: { [endpoint.host]: server.host } }, script);
    const { stream, peer, direct } = await open(`${scheme}://${at.proxy.name}`, { ...endpoint, port: server.port });
    expect([peer, direct, at.asked]).toEqual([endpoint.host, undefined, [`${endpoint.host}:${server.port}`]]);
    stream.destroy();
    await at.proxy.idle();
  });

  it.each([
    ['socks5', socks5],
    ['socks4', socks4],
  ])('%s: resolves the name here, and names the address for data connections', async (scheme, script) => {
    await using server = await scriptedServer();
    await using at = await proxied({}, script);
    const to = { ...endpoint, host: 'localhost', port: server.port, family: 4 } as const;
    const { stream, peer } = await open(`${scheme}://${at.proxy.name}`, to);
    expect([peer, at.asked]).toEqual(['127.0.0.1', [`127.0.0.1:${server.port}`]]);
    stream.destroy();
    await at.proxy.idle();
  });

  it('reaches IPv6 addresses, and a proxy that has one', async () => {
    await using server = await scriptedServer({ host: '::1' });
    await using at = await proxied({}, socks5, '::1');
    const { stream, peer } = await open(`socks5h://${at.proxy.name}`, { ...endpoint, host: '::1', port: server.port });
    expect([peer, at.asked]).toEqual(['::1', [`::1:${server.port}`]]);
    stream.destroy();
    await at.proxy.idle();
  });

  it('writes a name beyond ASCII as the domain name system does', async () => {
    await using at = await proxied({ refuse: () => 4 });
    await rejection(open(`socks5h://${at.proxy.name}`, { ...endpoint, host: 'bücher.example' }));
    expect(at.asked).toEqual(['xn--bcher-kva.example:2121']);
  });

  it.each<[number, boolean, RegExp, string | undefined]>([
    [1, true, /gives no reason/, undefined],
    [2, false, /rules do not allow it/, undefined],
    [3, true, /cannot reach the server's network/, 'ENETUNREACH'],
    [4, true, /cannot reach the server/, 'EHOSTUNREACH'],
    [5, true, /the server refused the connection/, 'ECONNREFUSED'],
    [6, true, /did not answer the proxy in time/, 'ETIMEDOUT'],
    [7, false, /does not make connections/, undefined],
    [8, false, /no addresses of this kind/, undefined],
    [99, false, /was not understood/, undefined],
  ])('tells the refusal %s of SOCKS5', async (code, transient, message, causeCode) => {
    await using at = await proxied({ refuse: () => code });
    const error = await rejection(open(`socks5h://${at.proxy.name}`));
    expect(error).toBeInstanceOf(FtpConnectionError);
    expect(error).toMatchObject({ channel: 'control', phase: 'connect', outcome: 'none', transient });
    expect(error).toMatchObject({ message: expect.stringMatching(message), cause: { code: causeCode } });
    expect(error.message).toContain(`through the proxy ${at.proxy.name} could not be opened`);
    await at.proxy.idle();
  });

  it.each([
    [91, true],
    [92, false],
    [93, false],
  ])('tells the refusal %s of SOCKS4', async (code, transient) => {
    await using at = await proxied({ refuse: () => code }, socks4);
    expect(await rejection(open(`socks4a://${at.proxy.name}`))).toMatchObject({ phase: 'connect', transient });
    await at.proxy.idle();
  });

  it.each([
    ['a wrong password', 'me:nothunter@', /refused user and password/],
    ['no password', '', /wants another authentication/],
  ])('tells that the proxy wants other credentials: %s', async (_what, given, message) => {
    secret('nothunter');
    await using at = await proxied({ login: NO_LOGIN });
    const error = await rejection(open(`socks5h://${given}${at.proxy.name}`));
    expect(error).toMatchObject({ transient: false, message: expect.stringMatching(message) });
    overhear('the error', error);
    await at.proxy.idle();
  });

  it('tries one address after the other of a name that it resolves', async () => {
    await using server = await scriptedServer();
    await using at = await proxied({ refuse: (asked) => (asked.startsWith('127.') ? undefined : 4) });
    const lookup = async (): Promise<readonly string[]> => ['2001:db8::1', '192.0.2.1', '127.0.0.1', '192.0.2.2'];
    const connector = socksThrough(proxyAt(at.proxy.name, { scheme: 'socks5' }), lookup);
    const { stream, peer } = asConnection(await connector({ ...endpoint, port: server.port }, never));
    expect(peer).toBe('127.0.0.1');
    expect(at.asked.map((each) => each.slice(0, each.lastIndexOf(':')))).toEqual([
      '2001:db8::1',
      '192.0.2.1',
      '127.0.0.1',
    ]);
    stream.destroy();
    await at.proxy.idle();
  });

  it.each([
    ['of the rules, which stand for all addresses', 2, 1],
    ['of the last address', 8, 2],
  ])('tells the refusal %s', async (_what, code, count) => {
    await using at = await proxied({ refuse: () => code });
    const lookup = async (): Promise<readonly string[]> => ['2001:db8::1', '192.0.2.1'];
    const connector = socksThrough(proxyAt(at.proxy.name, { scheme: 'socks5' }), lookup);
    expect(await rejection(connector(endpoint, never))).toMatchObject({ phase: 'connect', transient: false });
    expect(at.asked).toHaveLength(count);
    await at.proxy.idle();
  });

  it('tells that a name is not resolved here', async () => {
    const error = await rejection(open('socks5://127.0.0.2:1'));
    expect(error).toMatchObject({ syscall: 'getaddrinfo' });
  });

  it('gives a lookup up when its signal aborts', async () => {
    const reason = new Error('enough');
    const abort = new AbortController();
    const attempt = socks('socks5://127.0.0.2:1')({ ...endpoint, host: 'localhost' }, abort.signal);
    abort.abort(reason);
    await expect(attempt).rejects.toBe(reason);
    await expect(socks('socks5://127.0.0.2:1')(endpoint, AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  it.each<[string, Partial<ConnectorEndpoint>, RegExp]>([
    ['socks4a', { host: '2001:db8::1' }, /SOCKS4 knows no IPv6/],
    ['socks5h', { host: `${'a'.repeat(256)}` }, /more than 255 bytes/],
    ['socks5h', { host: 'a b' }, /no domain name/],
  ])('%s: refuses what it cannot ask for, before it connects: %j', async (scheme, to, message) => {
    await using at = await proxied();
    const error = await rejection(open(`${scheme}://${at.proxy.name}`, { ...endpoint, ...to }));
    expect(error).toBeInstanceOf(FtpUsageError);
    expect(error.message).toMatch(message);
    expect(at.proxy.connections).toBe(0);
  });

  it.each([
    ['http://127.0.0.1:1', /must begin with socks5h:, socks5:, socks:, socks4a:, socks4:\./],
    ['socks4a://me:hunter2@h', /SOCKS4 has a user and no password/],
    [`socks5h://me:${'x'.repeat(256)}@h`, /at most 255 bytes/],
    [`socks5h://${'%C3%A9'.repeat(128)}@h`, /at most 255 bytes/],
  ])('%s is refused when it is given', (url, message) => {
    expect(() => socks(url)).toThrow(FtpUsageError);
    expect(() => socks(url)).toThrow(message);
  });

  it('shows no credentials', () => {
    const connector = socks('socks5h://me:hunter2@proxy.example:1');
    expect(inspect(connector, { showHidden: true, depth: 9 })).not.toMatch(/hunter2/);
    expect(routeOf(connector, endpoint)).toEqual({ connector, proxy: 'proxy.example:1' });
  });
});

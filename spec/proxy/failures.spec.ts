/** Checks the errors of clients whose proxy fails, stalls or refuses, and that nothing stays open. */
import { lastValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { FtpClient, FtpConnectionError, type FtpOptions, FtpTimeoutError } from '../../lib/index.js';
import type { Connector } from '../../lib/net/connector.js';
import { httpConnect, socks } from '../../lib/proxy/index.js';
import { collectBytes } from '../../lib/streams/collect-bytes.js';
import { overhear, secret } from '../support/canary.js';
import { observe } from '../support/observe.js';
import { type ScriptedServer, scriptedServer } from '../support/scripted-server.js';
import { httpProxy } from './support/connect-script.js';
import { rejection } from './support/parts.js';
import { type ProxyScript, ScriptedProxy } from './support/scripted-proxy.js';
import { socks5 } from './support/socks-script.js';

const read = (ftp: FtpClient, path = '/a'): Promise<Uint8Array> => lastValueFrom(ftp.retr$(path).pipe(collectBytes()));

interface Kind {
  readonly kind: string;
  readonly connector: (name: string) => Connector;
  readonly script: ProxyScript;
  /** A proxy that refuses some connections for good, and some for now. */
  readonly refusing: (refuse: (asked: string) => 'rules' | 'unreachable' | undefined) => ProxyScript;
  /** How far the handshake gets before it stalls. */
  readonly stalls: Readonly<Record<string, ProxyScript>>;
}

const SOCKS_CODES = { rules: 2, unreachable: 4 } as const;
const HTTP_ANSWERS = {
  rules: 'HTTP/1.1 403 Forbidden\r\n\r\n',
  unreachable: 'HTTP/1.1 502 Bad Gateway\r\n\r\n',
} as const;

const kinds: readonly Kind[] = [
  {
    kind: 'SOCKS5',
    connector: (name) => socks(`socks5h://me:hunter22@${name}`),
    script: socks5({ login: ['me', 'hunter22'] }),
    refusing: (refuse) =>
      socks5({
        refuse: (asked) => {
          const why = refuse(asked);
          return why && SOCKS_CODES[why];
        },
      }),
    stalls: {
      'at once': () => {},
      'after the method': async (client) => {
        await client.take(4);
        client.send([5, 0]);
      },
      'after the password': async (client) => {
        await client.take(4);
        client.send([5, 2]);
        await client.take(5 + 8);
        client.send([1, 0]);
      },
      'in its last answer': async (client) => {
        await client.take(4);
        client.send([5, 0]);
        await client.take(5);
        client.send([5, 0, 0, 3, 255]);
      },
    },
  },
  {
    kind: 'CONNECT',
    connector: (name) => httpConnect(`http://me:hunter22@${name}`),
    script: httpProxy({ authorization: `Basic ${Buffer.from('me:hunter22').toString('base64')}` }),
    refusing: (refuse) => {
      const authorization = `Basic ${Buffer.from('me:hunter22').toString('base64')}`;
      return httpProxy({
        authorization,
        refuse: (asked) => {
          const why = refuse(asked);
          return why && HTTP_ANSWERS[why];
        },
      });
    },
    stalls: {
      'at once': () => {},
      'in its answer': async (client) => {
        await client.takeUntil('\r\n\r\n');
        client.send('HTTP/1.1 200 OK\r\n');
      },
    },
  },
];

async function served(script: ProxyScript) {
  const server = await scriptedServer({ files: { '/a': 'hello', '/b': 'world' } });
  const proxy = await ScriptedProxy.start(script);
  const dispose = async (): Promise<void> => {
    await proxy[Symbol.asyncDispose]();
    await server.close();
  };
  return { server, proxy, [Symbol.asyncDispose]: dispose };
}

const optionsFor = ({ host, port }: ScriptedServer, connector: Connector, more: Partial<FtpOptions> = {}) => ({
  ...{ host, port, connector, ...more },
});

describe.each(kinds)('through $kind', ({ connector, script, refusing, stalls }) => {
  it.each(Object.entries(stalls))('a proxy that stalls %s is a timeout that names it', async (_when, stalling) => {
    secret('hunter22');
    await using at = await served(stalling);
    const options = optionsFor(at.server, connector(at.proxy.name), { connectTimeoutMs: 100 });
    await using ftp = new FtpClient(options);
    const error = await rejection(lastValueFrom(ftp.noop$()));
    expect(error).toBeInstanceOf(FtpTimeoutError);
    expect(error).toMatchObject({ phase: 'connect', afterMs: 100, transient: true, outcome: 'none' });
    expect(error.message).toContain(`through the proxy ${at.proxy.name} was not done within 100 ms`);
    overhear('the error', error);
    await at.proxy.idle();
  });

  it.each(
    Object.entries(stalls),
  )('a login that is left while the proxy stalls %s is given up', async (_when, stalling) => {
    let begun = (): void => {};
    const hasBegun = new Promise<void>((resolve) => {
      begun = resolve;
    });
    await using at = await served(async (client) => {
      await stalling(client);
      begun();
    });
    await using ftp = new FtpClient(optionsFor(at.server, connector(at.proxy.name)));
    const noop = observe(ftp.noop$());
    await hasBegun;
    noop.unsubscribe();
    await lastValueFrom(ftp.close$());
    await at.proxy.idle();
    expect(at.proxy.open).toBe(0);
  });

  it('a data connection that its rules do not allow is an error, and the session goes on', async () => {
    secret('hunter22');
    let control = 0;
    await using at = await served(refusing((asked) => (asked.endsWith(`:${control}`) ? undefined : 'rules')));
    control = at.server.port;
    const options = optionsFor(at.server, connector(at.proxy.name));
    await using ftp = new FtpClient(options);
    const error = await rejection(read(ftp));
    expect(error).toBeInstanceOf(FtpConnectionError);
    expect(error).toMatchObject({ channel: 'data', phase: 'connect', transient: false, outcome: 'none' });
    expect(error.message).toMatch(/^The data connection to 127\.0\.0\.1:\d+ through the proxy .*data ports may be any/);
    overhear('the error', error);
    await lastValueFrom(ftp.noop$());
    expect(at.server.sessions).toHaveLength(1);
  });

  it('retry repeats what the proxy refuses for now, and nothing that it refuses for good', async () => {
    let refusals = 2;
    await using at = await served(
      refusing(() => {
        refusals -= 1;
        return refusals < 0 ? undefined : 'unreachable';
      }),
    );
    const retry = { attempts: 4, delayMs: 1, maxDelayMs: 1 };
    await using ftp = new FtpClient(optionsFor(at.server, connector(at.proxy.name), { retry }));
    await lastValueFrom(ftp.noop$());
    expect(refusals).toBe(-1);

    let asked = 0;
    await using strict = await served(
      refusing(() => {
        asked += 1;
        return 'rules';
      }),
    );
    await using other = new FtpClient(optionsFor(strict.server, connector(strict.proxy.name), { retry }));
    expect(await rejection(lastValueFrom(other.noop$()))).toMatchObject({ transient: false });
    expect(asked).toBe(1);
  });

  it('a proxy that dies in a transfer is an error of the transfer', async () => {
    await using at = await served(script);
    at.server.on('RETR', async (session) => {
      await session.reply('150 Here.');
      await session.sendData('he');
      await at.proxy[Symbol.asyncDispose]();
    });
    await using ftp = new FtpClient(optionsFor(at.server, connector(at.proxy.name)));
    const error = await rejection(read(ftp));
    expect(error).toMatchObject({ transient: true });
  });

  it('tells no credentials by its events', async () => {
    secret('hunter22');
    await using at = await served(script);
    const ftp = new FtpClient(optionsFor(at.server, connector(at.proxy.name)));
    const events = observe(ftp.events$);
    await read(ftp);
    await lastValueFrom(ftp.close$());
    await events.ended;
    expect(events.values.length).toBeGreaterThan(3);
    overhear('the events', events.values);
    overhear('the client', ftp);
  });
});

describe('a server that refuses more connections than there are', () => {
  it('limits the sessions, also where the proxy tells it', async () => {
    let logins = 0;
    let control = 0;
    const script = socks5({
      refuse: (asked) => {
        if (!asked.endsWith(`:${control}`)) return undefined;
        logins += 1;
        return logins > 1 ? 5 : undefined;
      },
    });
    await using at = await served(script);
    control = at.server.port;
    const connector = socks(`socks5h://${at.proxy.name}`);
    const ftp = new FtpClient(optionsFor(at.server, connector, { maxSessions: 3 }));
    const events = observe(ftp.events$);
    await lastValueFrom(ftp.noop$());
    const texts = await Promise.all([read(ftp), read(ftp, '/b')]);
    expect(texts.map((text) => Buffer.from(text).toString())).toEqual(['hello', 'world']);
    await lastValueFrom(ftp.close$());
    await events.ended;
    expect(events.values).toContainEqual(expect.objectContaining({ type: 'limit', sessions: 1, because: 'refused' }));
  });
});

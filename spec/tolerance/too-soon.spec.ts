/** On a long way a reply right behind its command is another command's; an odd reply to the login does not make the way short. */
import { lastValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { type Connector, connectSocket, type FtpClient } from '../../lib/index.js';
import { withRoute } from '../../lib/net/route.js';
import type { ScriptedServer, ScriptedServerOptions, Session } from '../support/scripted-server.js';
import { content, count, expectInStep, silently, skippedBy, someClient, someServer } from './support/open.js';
import { unknownServer } from './support/play.js';

const WAY_MS = 80;

const way = (): Promise<void> => new Promise((passed) => setTimeout(passed, WAY_MS));

/** A connection takes as long as its replies will. */
const farConnector: Connector = async (endpoint, signal) => {
  await way();
  return connectSocket(endpoint, signal);
};

/** Sends a line with no way in between. */
type AtOnce = (line: string) => Promise<void>;

/** Each reply takes `WAY_MS`, save what is sent at once. */
function farServer(prepare: (server: ScriptedServer, atOnce: AtOnce) => void): Promise<ScriptedServer> {
  let atOnce: AtOnce = () => Promise.reject(new Error('nobody has connected yet'));
  const greeting: ScriptedServerOptions['greeting'] = (session: Session) => {
    const send = session.reply.bind(session);
    atOnce = (line) => send(line);
    session.reply = async (...lines) => {
      await way();
      await send(...lines);
    };
    return session.reply(unknownServer);
  };
  return someServer({ greeting }).then((server) => {
    prepare(server, (line) => atOnce(line));
    return server;
  });
}

const farClient = (server: ScriptedServer): FtpClient => someClient(server, { connector: farConnector });

/** "213 99" at once, then the size. */
function misleadingSize(server: ScriptedServer, atOnce: AtOnce): void {
  server.on('SIZE', async (_session, _path, command) => {
    await atOnce('213 99');
    await command.byDefault();
  });
}

describe('a usual reply that came sooner than the way allows', () => {
  it('is not taken for the answer', async () => {
    await using server = await farServer(misleadingSize);
    await using ftp = farClient(server);
    const skipped = skippedBy(ftp);
    expect(await lastValueFrom(ftp.size$('/b'))).toBe(content['/b'].length);
    expect(skipped).toEqual([213]);
    await expectInStep(ftp);
  });

  it('is not taken for it either when an odd reply to USER came at once', async () => {
    await using server = await farServer((server, atOnce) => {
      misleadingSize(server, atOnce);
      server.on('USER', async (session, _name, command) => {
        await silently(session, command);
        await atOnce('350 Password?');
      });
    });
    await using ftp = farClient(server);
    expect(await lastValueFrom(ftp.size$('/b'))).toBe(content['/b'].length);
    expect(server.sessions).toHaveLength(1);
    await expectInStep(ftp);
  });
});

describe('a server that is nearer than its login showed', () => {
  it('costs one fence; replies that come as soon later are usual', async () => {
    await using server = await farServer((server, atOnce) => {
      server.on('SIZE', () => atOnce('213 5'));
    });
    await using ftp = farClient(server);
    expect(await lastValueFrom(ftp.size$('/x'))).toBe(5);
    const fences = count(server, 'NOOP');
    expect(await lastValueFrom(ftp.size$('/x'))).toBe(5);
    expect([fences, count(server, 'NOOP')]).toEqual([1, 1]);
  });

  it('costs none through a proxy, where the TCP connect does not show how near it is', async () => {
    await using server = await farServer((server, atOnce) => {
      server.on('SIZE', () => atOnce('213 5'));
    });
    const connector: Connector = (endpoint, signal) => farConnector(endpoint, signal);
    withRoute(connector, () => ({ connector, proxy: 'proxy.example:1' }));
    await using ftp = someClient(server, { connector });
    expect(await lastValueFrom(ftp.size$('/x'))).toBe(5);
    expect(count(server, 'NOOP')).toBe(0);
  });
});

/** A way to be fast that a server does not bear is given up once for the whole client, and `events$` tells it. */
import { filter } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { FtpProtocolError } from '../../lib/index.js';
import { observe } from '../support/observe.js';
import { scriptedServer } from '../support/scripted-server.js';
import { clientOf } from './support/open.js';

const greeting = '220 (vsFTPd 3.0.3)';
const files = { '/a': 'of a', '/b': 'of b', '/c': 'of c' };

describe('a shortcut that is given up', () => {
  it('is to send several commands at once, after an odd reply among them', async () => {
    await using server = await scriptedServer({ files, greeting });
    server.once('SIZE', (session) => session.reply('226 What?'));
    await using ftp = clientOf(server);
    const events = observe(ftp.events$.pipe(filter(({ type }) => type === 'fallback')));
    const sizes = ['/a', '/b', '/c'].map((path) => observe(ftp.size$(path)));
    for (const { failed } of sizes) expect(await failed).toBeInstanceOf(FtpProtocolError);
    const again = ['/a', '/b', '/c'].map((path) => observe(ftp.size$(path)));
    for (const { settled } of again) expect(await settled).toEqual([4]);
    expect(events.values).toMatchObject([
      { what: 'several commands at once', to: 'one command at a time', session: 1, reply: { code: 226 } },
    ]);
    events.unsubscribe();
  });

  it('is to ask for the next port ahead, after the server has refused that', async () => {
    await using server = await scriptedServer({ files, greeting });
    let ports = 0;
    server.on('EPSV', async (session, _argument, command) => {
      ports += 1;
      if (ports === 2) await session.reply('500 Not now.');
      else await command.byDefault();
    });
    server.once('RETR', async (session) => {
      await session.reply('150 Here it comes.');
      await session.sendData('of a');
      await server.received('EPSV', 2);
      await session.reply('226 Done.');
    });
    await using ftp = clientOf(server);
    const events = observe(ftp.events$.pipe(filter(({ type }) => type === 'fallback')));
    const downloads = ['/a', '/b', '/c'].map((path) => observe(ftp.retr$(path)));
    for (const { settled } of downloads) expect(Buffer.concat(await settled)).toHaveLength(4);
    expect(events.values).toMatchObject([
      { what: 'EPSV ahead', to: 'EPSV in its turn', session: 1, reply: { code: 500 } },
    ]);
    events.unsubscribe();
  });
});

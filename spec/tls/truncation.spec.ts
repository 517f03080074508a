/**
 * A truncated download is never a success (RFC 8446 section 6.1 is no help: node does not tell a FIN from a close_notify).
 * An attacker on the path ends the data connection after any number of bytes, while the server says 226. Every fifth cut is tried, other
 * ones for each TLS version; all of them, in five minutes, with RXFTP_EVERY_CUT=1.
 */
import { randomBytes } from 'node:crypto';
import { lastValueFrom, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { FtpTransferError } from '../../lib/index.js';
import { observe } from '../support/observe.js';
import { type ScriptedServer, scriptedServer } from '../support/scripted-server.js';
import { DataRelay } from './support/data-relay.js';
import { names, secureClient } from './support/secure-client.js';

const content = randomBytes(10 * 1024);

/** A server that believes in its transfers: 226 whatever became of the data connection. */
async function credulous(version: 'TLSv1.2' | 'TLSv1.3'): Promise<ScriptedServer> {
  const options = { minVersion: version, maxVersion: version };
  const server = await scriptedServer({ tls: { mode: 'explicit', options }, files: { [names.file]: content } });
  server.on('RETR', async (session) => {
    void session.reply('150 Here it comes.');
    // Many records, so that a cut leaves some of the content readable.
    const chunks = Array.from({ length: 20 }, (_, n) => content.subarray(n * 512, (n + 1) * 512));
    await session.sendData(content, { chunks }).catch(() => undefined);
    await session.reply('226 Transfer complete.');
  });
  return server;
}

const step = process.env.RXFTP_EVERY_CUT === '1' ? 1 : 5;

describe.each([
  ['TLSv1.3', 1],
  ['TLSv1.2', 3],
] as const)('%s', (version, firstCut) => {
  it('a cut of a 10 KiB download is an error where SIZE is known, wherever it falls', async () => {
    await using server = await credulous(version);
    await using relay = await DataRelay.start();
    await using ftp = secureClient(server, { connector: relay.connector });
    const download = () => observe(ftp.retr$(names.file, { verify: 'size' }));

    const whole = await lastValueFrom(ftp.retr$(names.file, { verify: 'size' }).pipe(toArray()));
    expect(Buffer.concat(whole)).toEqual(content);
    const total = relay.connections.at(-1)?.received() ?? 0;
    expect(total).toBeGreaterThan(content.length);

    const successes: number[] = [];
    const wrong: unknown[] = [];
    for (let cut = firstCut; cut < total; cut += step) {
      relay.cutAfter = cut;
      const cutShort = download();
      if ((await cutShort.ended) === 'complete' && Buffer.concat(cutShort.values).length < content.length)
        successes.push(cut);
      if (cutShort.end === 'error' && !(cutShort.error instanceof FtpTransferError)) wrong.push([cut, cutShort.error]);
    }
    expect(successes).toEqual([]);
    expect(wrong).toEqual([]);
    expect(server.sessions).toHaveLength(1);
  }, 180_000);
});

describe('where no size is known', () => {
  it('the size in the 150 reply serves as well', async () => {
    await using server = await scriptedServer({ tls: 'explicit', files: { [names.file]: content } });
    await using relay = await DataRelay.start();
    await using ftp = secureClient(server, { connector: relay.connector });
    relay.cutAfter = 6000;
    const error = await observe(ftp.retr$(names.file)).failed;
    expect(error).toBeInstanceOf(FtpTransferError);
  });

  it('the server’s own word decides, when it noticed', async () => {
    await using server = await scriptedServer({ tls: 'explicit' });
    server.on('RETR', async (session) => {
      void session.reply('150 Here it comes.');
      await session.sendData(content).catch(() => undefined);
      await session.reply('426 It broke.');
    });
    await using ftp = secureClient(server);
    expect(await observe(ftp.retr$(names.file)).failed).toMatchObject({
      code: 'ERR_FTP_TRANSFER',
      reply: { code: 426 },
    });
  });
});

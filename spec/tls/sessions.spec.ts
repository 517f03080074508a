/**
 * TLS sessions that run out: tickets that are good for one use (FileZilla Server), and servers that accept a session no
 * longer.
 */
import { randomBytes } from 'node:crypto';
import { lastValueFrom, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { type FtpClient, isFtpError } from '../../lib/index.js';
import { observe } from '../support/observe.js';
import { type ScriptedServer, scriptedServer } from '../support/scripted-server.js';
import { expectNothingInClear, names, resumption, secureClient } from './support/secure-client.js';
import { singleUseTickets } from './support/single-use.js';

const files = { [names.file]: 'hello' };
const onlyTls13 = { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3' } as const;
const versions = ['TLSv1.2', 'TLSv1.3'] as const;

const retrieve = (ftp: FtpClient): Promise<Uint8Array[]> => lastValueFrom(ftp.retr$(names.file).pipe(toArray()));

describe('TLS 1.3 tickets that are good for one use', () => {
  // A node server gives two tickets and no new one when it resumes; the interop specs have servers that do.
  it('are used once each, and an aborted transfer does not use up the last one', async () => {
    await using server = await scriptedServer({
      tls: { mode: 'explicit', options: onlyTls13, requireReuse: true },
      files: { ...files, '/big': randomBytes(4 << 20) },
    });
    await using once = await singleUseTickets();
    await using ftp = secureClient(server, { connector: once.relay.connector });
    using download = observe(ftp.retr$('/big'));
    await download.nth(1);
    download.unsubscribe();
    await retrieve(ftp);
    expect(new Set(once.offered).size).toBe(2);
    expect(server.sessions).toHaveLength(1);
  });
});

describe.each(versions)('%s: a session that the server accepts no longer', (version) => {
  const options = { minVersion: version, maxVersion: version };

  /** From now on data connections know no older session. */
  function forget(server: ScriptedServer): void {
    Object.assign(server.dataTls ?? {}, { ticketKeys: randomBytes(48) });
    // A new control connection is to share the new keys.
    Object.assign(server.controlTls ?? {}, { ticketKeys: (server.dataTls as { ticketKeys: Buffer }).ticketKeys });
  }

  it('is an error that says what to do, and the next operation gets a new one (522, vsftpd)', async () => {
    await using server = await scriptedServer({ tls: { mode: 'explicit', options, requireReuse: true }, files });
    await using ftp = secureClient(server);
    await retrieve(ftp);
    forget(server);
    const error = await observe(ftp.retr$(names.file)).failed;
    expect(isFtpError(error) && error.reply?.code).toBe(522);
    expect(String(error)).toMatch(/wants the TLS session of the control connection resumed/);
    expect(String(error)).toMatch(/next operation/);
    await retrieve(ftp);
    await retrieve(ftp);
    expect(server.sessions).toHaveLength(2);
    expect(resumption(server)).toEqual({ secured: 4, resumed: 3 });
    expectNothingInClear(server);
  });

  it.each([
    '425 Unable to build data connection: Operation not permitted',
    '522 Session reuse required',
  ])('whether the server hangs up or not, before or after its 150 (%s)', async (refusal) => {
    await using server = await scriptedServer({ tls: { mode: 'explicit', options }, files });
    await using ftp = secureClient(server);
    await retrieve(ftp);
    for (const preliminary of [[], ['150 Here it comes.']]) {
      forget(server);
      server.once('RETR', async (session) => {
        for (const text of preliminary) await session.reply(text);
        await session.data();
        session.link?.reset();
        await session.reply(refusal);
      });
      const sessions = server.sessions.length;
      const error = await observe(ftp.retr$(names.file)).failed;
      expect(isFtpError(error) && error.reply?.code).toBe(Number(refusal.slice(0, 3)));
      expect(String(error)).toMatch(/TLS session/);
      await retrieve(ftp);
      expect(server.sessions).toHaveLength(sessions + 1);
    }
  });
});

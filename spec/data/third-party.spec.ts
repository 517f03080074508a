/** A transfer command whose data connection goes elsewhere: nothing is opened here, and only replies count. */
import { lastValueFrom, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { FtpClient, FtpReplyError, FtpTransferError, type Reply } from '../../lib/index.js';
import { endAfterEach } from '../support/endings.js';
import { type ScriptedServer, scriptedServer } from '../support/scripted-server.js';

const endLater = endAfterEach();

async function start(): Promise<{ server: ScriptedServer; ftp: FtpClient }> {
  const server = await scriptedServer({ files: { '/a': 'abc' } });
  endLater(() => server.close());
  const ftp = new FtpClient({ host: server.host, port: server.port, abortTimeoutMs: 1_000 });
  endLater(() => ftp[Symbol.asyncDispose]());
  return { server, ftp };
}

const elsewhere = (ftp: FtpClient, line: string): Promise<Reply[]> =>
  lastValueFrom(ftp.sequence$((commands) => commands.transferElsewhere$(line)).pipe(toArray()));

describe('a transfer elsewhere', () => {
  it('opens no data connection, and emits both replies', async () => {
    const { server, ftp } = await start();
    server.answer('RETR', '150 Going.', '226 Gone.');
    expect((await elsewhere(ftp, 'RETR /a')).map(({ code }) => code)).toEqual([150, 226]);
    expect(server.commands.filter((line) => /^(EPSV|PASV|EPRT|PORT|TYPE)/.test(line))).toEqual([]);
  });

  it('errors for a refusal, and for an end that is not whole', async () => {
    const { server, ftp } = await start();
    server.answer('RETR', '550 None.').answer('STOR', '150 Coming.', '426 Broken.');
    await expect(elsewhere(ftp, 'RETR /a')).rejects.toThrow(FtpReplyError);
    await expect(elsewhere(ftp, 'STOR /a')).rejects.toThrow(FtpTransferError);
    expect(await lastValueFrom(ftp.size$('/a'))).toBe(3);
    expect(server.sessions).toHaveLength(1);
  });

  it('is aborted when its subscriber leaves, and the session goes on', async () => {
    const { server, ftp } = await start();
    server.answer('STOR', '150 Coming.').answer('ABOR', '426 Broken.', '226 Aborted.');
    const run = ftp.sequence$((commands) => commands.transferElsewhere$('STOR /a'));
    await new Promise<void>((resolve, reject) => {
      const subscription = run.subscribe({
        next: () => {
          subscription.unsubscribe();
          resolve();
        },
        error: reject,
      });
    });
    expect(await lastValueFrom(ftp.size$('/a'))).toBe(3);
    expect(server.commands).toContain('ABOR');
    expect(server.sessions).toHaveLength(1);
  });

  it('tells no transfer by events$, since it sees no bytes', async () => {
    const { server, ftp } = await start();
    server.answer('RETR', '150 Going.', '226 Gone.');
    const types: string[] = [];
    ftp.events$.subscribe(({ type }) => types.push(type));
    await elsewhere(ftp, 'RETR /a');
    expect(types.filter((type) => type.startsWith('transfer'))).toEqual([]);
  });
});

/** `download$` in segments from real servers. Each is aborted in its own way: the file is right, and the sessions stay. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BehaviorSubject, filter, lastValueFrom, take } from 'rxjs';
import { expect, it } from 'vitest';
import { FtpClient, type FtpEvent, type FtpOptions } from '../../lib/index.js';
import { download$ } from '../../lib/recipes/index.js';
import { endAfterEach } from '../support/endings.js';
import { observe } from '../support/observe.js';
import { Random } from '../support/random.js';
import { account } from '../support/real-servers/account.js';
import { describeServers } from '../support/real-servers/describe-servers.js';
import { abilities, serverNames } from '../support/real-servers/installed.js';
import type { ServerOptions } from '../support/real-servers/real-server.js';
import { startServer } from '../support/real-servers/start-server.js';

const endLater = endAfterEach();
const SEGMENTS = 4;
const content = Buffer.from(new Random(18).bytes(32 * 1024 * 1024));

interface Given {
  readonly server?: ServerOptions;
  readonly client?: Partial<FtpOptions>;
}

interface Place {
  readonly ftp: FtpClient;
  readonly local: string;
  readonly events: readonly FtpEvent[];
}

async function start(name: (typeof serverNames)[number], { server: options = {}, client }: Given = {}): Promise<Place> {
  const server = await startServer(name, { logCommands: false, ...options });
  endLater(() => server.stop());
  writeFileSync(join(server.root, 'big'), content);
  writeFileSync(join(server.root, 'small'), content.subarray(0, 1000));
  await server.adopt();
  const { host, port, ca } = server;
  const ftp = new FtpClient({
    ...{ host, port, user: account.user, password: account.password, maxSessions: SEGMENTS + 1 },
    ...(ca === undefined ? {} : { secure: 'explicit', tls: { ca } }),
    ...client,
  });
  const events: FtpEvent[] = [];
  ftp.events$.subscribe((event) => events.push(event));
  endLater(() => ftp[Symbol.asyncDispose]());
  const directory = mkdtempSync(join(tmpdir(), 'rxftp-segments-'));
  endLater(async () => rmSync(directory, { recursive: true }));
  return { ftp, local: join(directory, 'got'), events };
}

/** On a busy machine one transfer may have all bytes before other sessions are open: their logins would be given up. */
async function openSessions(ftp: FtpClient): Promise<void> {
  const pause$ = new BehaviorSubject(true);
  const ready$ = ftp.events$.pipe(
    filter(({ type }) => type === 'ready'),
    take(SEGMENTS),
  );
  const ready = lastValueFrom(ready$);
  const transfers = Array.from({ length: SEGMENTS }, () => observe(ftp.retr$('small', { pause$ })).settled);
  await ready;
  pause$.next(false);
  await Promise.all(transfers);
}

const opened = (events: readonly FtpEvent[]): number => events.filter(({ type }) => type === 'ready').length;

describeServers(serverNames, (name) => {
  it('is whole, and costs no session', async () => {
    const { ftp, local, events } = await start(name);
    await openSessions(ftp);
    const values = await observe(download$(ftp, 'big', local, { segments: SEGMENTS })).settled;
    expect(readFileSync(local).equals(content)).toBe(true);
    expect(values.at(-1)).toMatchObject({ bytes: content.length, total: content.length, verifiedBy: 'size' });
    expect(values.at(-1)?.segments).toBeGreaterThan(1);
    expect(opened(events)).toBeLessThanOrEqual(SEGMENTS + 1);
    expect(events.filter(({ type }) => type === 'closed')).toEqual([]);
  }, 30_000);

  it('goes on with what was left', async () => {
    const { ftp, local } = await start(name);
    const options = { segments: SEGMENTS, exists: 'resume', progressIntervalMs: 0 } as const;
    const leave = new AbortController();
    const first = observe(download$(ftp, 'big', local, { ...options, signal: leave.signal }), {
      next: ({ bytes }) => {
        if (bytes > (content.length * 3) / 4) leave.abort(new Error('left'));
      },
    });
    expect(await first.failed).toMatchObject({ message: 'left' });
    const values = await observe(download$(ftp, 'big', local, options)).settled;
    expect(values.at(-1)?.resumedFrom).toBeGreaterThan(0);
    expect(readFileSync(local).equals(content)).toBe(true);
  }, 30_000);

  it('is one stream on one session', async () => {
    const { ftp, local } = await start(name, { client: { maxSessions: 1 } });
    const values = await observe(download$(ftp, 'big', local, { segments: SEGMENTS })).settled;
    expect(values.at(-1)).toMatchObject({ segments: 1, bytes: content.length });
    expect(readFileSync(local).equals(content)).toBe(true);
  }, 30_000);

  if (abilities[name].explicitTls) {
    it('is whole over TLS', async () => {
      const { ftp, local } = await start(name, { server: { tls: 'explicit' } });
      await observe(download$(ftp, 'big', local, { segments: SEGMENTS })).settled;
      expect(readFileSync(local).equals(content)).toBe(true);
    }, 30_000);
  }
});

describeServers(['vsftpd', 'proftpd'], (name) => {
  const limit = name === 'vsftpd' ? 'max_per_ip=2' : 'MaxClientsPerHost 2';
  it(`goes over the sessions that there are (${limit})`, async () => {
    const { ftp, local } = await start(name, { server: { extra: [limit] }, client: { maxSessions: 9 } });
    const values = await observe(download$(ftp, 'big', local, { segments: 8 })).settled;
    expect(values.at(-1)?.segments).toBeLessThanOrEqual(2);
    expect(readFileSync(local).equals(content)).toBe(true);
  }, 30_000);
});

describeServers(['proftpd'], (name) => {
  it('is whole in MODE Z', async () => {
    const extra = ['LoadModule mod_deflate.c', 'DeflateEngine on'];
    const { ftp, local } = await start(name, { server: { extra }, client: { compression: 'deflate' } });
    const values = await observe(download$(ftp, 'big', local, { segments: SEGMENTS })).settled;
    expect(values.at(-1)).toMatchObject({ bytes: content.length });
    expect(readFileSync(local).equals(content)).toBe(true);
  }, 30_000);
});

/** A STOR whose session was lost before any reply may be begun late: it empties what a later try has stored. */
import { createHash } from 'node:crypto';
import { lastValueFrom, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { FtpClient, StorOptions, TransferProgress } from '../../lib/index.js';
import { observe } from '../support/observe.js';
import { type Handler, type ScriptedServer, scriptedServer } from '../support/scripted-server.js';
import { clientOf } from './support/open.js';
import { aWhile, fakeTimers, pass } from './support/waits.js';

const greeting = '220 (vsFTPd 3.0.5)';
const retry = { attempts: 3, delayMs: 0, maxDelayMs: 1 };
const bytes = Buffer.from('all of it');

const hangUp: Handler = (session) => session.closeControl('rst');

/** The lost STOR begins now. */
function beginLate(server: ScriptedServer): void {
  server.tree.write('/a', Buffer.alloc(0));
}

/** It begins right before each of the first SIZEs behind a STOR that was complete. */
function beginBeforeSize(server: ScriptedServer, times = 1): void {
  let left = times;
  server.on('SIZE', async (_session, _argument, { byDefault }) => {
    if (left > 0 && server.tree.text('/a') === bytes.toString()) {
      left -= 1;
      beginLate(server);
    }
    await byDefault();
  });
}

function store(ftp: FtpClient, options: StorOptions = {}): Observable<TransferProgress> {
  return ftp.stor$('/a', bytes, options);
}

function sha256(bytes: Uint8Array = new Uint8Array(0)): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The commands that store, or ask about what is stored. */
function asked(server: ScriptedServer): string[] {
  return server.commands.filter((line) => /^(REST|STOR|SIZE)\b/.test(line));
}

describe('a STOR that a server begins late', () => {
  it('is shown by SIZE, and the upload is repeated', async () => {
    await using server = await scriptedServer({ greeting });
    server.once('STOR', hangUp);
    beginBeforeSize(server);
    await using ftp = clientOf(server, { retry });
    expect(await lastValueFrom(store(ftp))).toMatchObject({ attempt: 3, verifiedBy: 'size' });
    expect(asked(server)).toEqual(['STOR /a', 'STOR /a', 'SIZE /a', 'STOR /a', 'SIZE /a']);
    expect(server.tree.text('/a')).toBe(bytes.toString());
  });

  it('is an error that allows another try, where none is left', async () => {
    await using server = await scriptedServer({ greeting });
    server.once('STOR', hangUp);
    beginBeforeSize(server, 2);
    await using ftp = clientOf(server, { retry: { ...retry, attempts: 2 } });
    expect(await observe(store(ftp)).failed).toMatchObject({ code: 'ERR_FTP_TRANSFER', transient: true, bytes: 9 });
  });

  it('is shown to an upload with resume too', async () => {
    await using server = await scriptedServer({ greeting });
    server.once('STOR', hangUp);
    beginBeforeSize(server);
    await using ftp = clientOf(server, { retry });
    expect(await lastValueFrom(store(ftp, { resume: true }))).toMatchObject({ attempt: 3, verifiedBy: 'size' });
    expect(server.tree.text('/a')).toBe(bytes.toString());
  });

  const silent: Handler = () => {};
  it.each<[string, Handler, StorOptions, readonly string[]]>([
    ['begins anew, also later', silent, {}, []],
    ['goes on behind a checksum', silent, { verify: 'hash' }, ['REST 60000']],
    ['goes on where the server itself has ended the session', hangUp, {}, ['REST 60000']],
  ])('where a later try breaks off, an upload with resume %s', async (_what, lose, options, restarts) => {
    const large = Buffer.alloc(100_000, 'x');
    await using server = await scriptedServer({ greeting });
    server.features = [...server.features, 'XSHA256'];
    server.on('XSHA256', (session) => session.reply(`250 ${sha256(server.tree.file('/a')?.bytes)}`));
    server.once('STOR', lose);
    server.once('STOR', async (session) => {
      await session.reply('150 Go on.');
      await new Promise<void>((resolve) => void session.receiveData(() => resolve()));
      // The lost STOR has begun meanwhile: the file was emptied, and this one went on to write where it was.
      const hole = lose === silent ? 50_000 : 0;
      server.tree.write('/a', Buffer.concat([Buffer.alloc(hole), large.subarray(hole, 60_000)]));
      await session.closeControl('rst');
    });
    fakeTimers();
    const ftp = clientOf(server, { retry, replyTimeoutMs: 30_000 });
    const stored = observe(ftp.stor$('/a', large, { resume: true, ...options }));
    await server.received('STOR');
    await aWhile();
    for (let round = 0; round < 40 && stored.end === undefined; round += 1) await pass(1_000);
    expect(await stored.ended).toBe('complete');
    await observe(ftp.close$()).settled;
    expect(server.commands.filter((line) => line.startsWith('REST') && line !== 'REST 0')).toEqual(restarts);
    expect(server.tree.file('/a')?.bytes.equals(large)).toBe(true);
  });

  it.each([
    ['502 Not here.', 'knows no SIZE'],
    ['550 Not for you.', 'does not tell the size'],
  ])('is not shown by a server that says %s: it %s', async (reply) => {
    await using server = await scriptedServer({ greeting });
    server.once('STOR', hangUp);
    server.answer('SIZE', reply);
    await using ftp = clientOf(server, { retry });
    expect(await lastValueFrom(store(ftp))).toMatchObject({ attempt: 2, verified: false });
  });
});

describe('SIZE is not asked', () => {
  it.each<[string, Handler]>([
    ['was refused', (session) => session.reply('450 Busy.')],
    ['was refused as the connection closed', (session) => session.reply('421 Bye.')],
    [
      'got its 1yz',
      async (session) => {
        await session.reply('150 Go on.');
        await session.closeControl('rst');
      },
    ],
  ])('where the STOR of an earlier try %s', async (_what, handler) => {
    await using server = await scriptedServer({ greeting });
    server.once('STOR', handler);
    await using ftp = clientOf(server, { mode: 'pasv', retry });
    expect(await lastValueFrom(store(ftp))).toMatchObject({ attempt: 2, verified: false });
    expect(asked(server)).toEqual(['STOR /a', 'STOR /a']);
  });

  it('for a text in ASCII: its size at the server is that of other line ends', async () => {
    await using server = await scriptedServer({ greeting });
    server.once('STOR', hangUp);
    await using ftp = clientOf(server, { retry });
    expect(await lastValueFrom(store(ftp, { type: 'ascii' }))).toMatchObject({ attempt: 2, verified: false });
    expect(asked(server)).toEqual(['STOR /a', 'STOR /a']);
  });
});

describe('a session that is lost', () => {
  async function endOf(verb: string, start: (ftp: FtpClient) => Observable<unknown>, tls = false): Promise<boolean> {
    await using server = await scriptedServer({
      greeting,
      files: { '/a': 'a' },
      ...(tls ? { tls: { mode: 'explicit' } } : {}),
    });
    server.answer(verb);
    fakeTimers();
    const ftp = clientOf(server, {
      replyTimeoutMs: 30_000,
      ...(tls ? { secure: 'explicit', tls: { rejectUnauthorized: false } } : {}),
    });
    const started = observe(start(ftp));
    await server.received(verb);
    for (let round = 0; round < 40 && started.end === undefined; round += 1) await pass(1_000);
    expect(await started.failed).toMatchObject({ code: 'ERR_FTP_TIMEOUT' });
    await observe(ftp.close$()).settled;
    return (await server.event('control-closed')).reset;
  }

  it.each<[string, (ftp: FtpClient) => Observable<unknown>]>([
    ['STOR', (ftp) => store(ftp)],
    ['DELE', (ftp) => ftp.dele$('/a')],
    ['RNTO', (ftp) => ftp.rename$('/a', '/b')],
  ])('while %s is unanswered is reset: what has not arrived by then never does', async (verb, start) => {
    expect(await endOf(verb, start)).toBe(true);
  });

  it('is reset under TLS too', async () => {
    expect(await endOf('STOR', (ftp) => store(ftp), true)).toBe(true);
  });

  it('while a question is unanswered ends by FIN, which is sent again until it arrives', async () => {
    expect(await endOf('SIZE', (ftp) => ftp.size$('/a'))).toBe(false);
  });
});

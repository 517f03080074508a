/** Command lines that are longer than the server's buffer: refused with nothing sent, whatever the operation. */
import type { Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { type FtpOperations, FtpUsageError } from '../../lib/index.js';
import { observe } from '../support/observe.js';
import { type ScriptedServer, scriptedServer } from '../support/scripted-server.js';
import { clientOf, sessionOf } from './support/open.js';

const files = { '/a': 'content of a', '/dir/b': 'b' };
const inetutils = '220 localhost FTP server (GNU inetutils 2.4) ready.';

/** A path with which the line of a verb of four letters has so many bytes, CRLF included. */
const pathFor = (lineBytes: number): string => 'q'.repeat(lineBytes - 'SIZE \r\n'.length);

/** Runs `work` and returns what the server was told by it. */
async function toldBy(server: ScriptedServer, work: () => Promise<unknown>): Promise<readonly string[]> {
  const before = server.commands.length;
  await work();
  return server.commands.slice(before);
}

const long = pathFor(512);
let read = 0;
function* source(): Generator<string> {
  read += 1;
  yield 'x';
}

const operations: Readonly<Record<string, (ftp: FtpOperations) => Observable<unknown>>> = {
  size$: (ftp) => ftp.size$(long),
  'size$ that would delete': (ftp) => ftp.size$(`${'q'.repeat(506)}DELE /a`),
  mdtm$: (ftp) => ftp.mdtm$(long),
  mfmt$: (ftp) => ftp.mfmt$(long, new Date(0)),
  mlst$: (ftp) => ftp.mlst$(long),
  lookup$: (ftp) => ftp.lookup$(long),
  avbl$: (ftp) => ftp.avbl$(long),
  dele$: (ftp) => ftp.dele$(long),
  mkd$: (ftp) => ftp.mkd$(`${long}q`),
  rmd$: (ftp) => ftp.rmd$(`${long}q`),
  cwd$: (ftp) => ftp.cwd$(`${long}q`),
  chmod$: (ftp) => ftp.chmod$(long, 0o644),
  'rename$ from': (ftp) => ftp.rename$(long, '/b'),
  'rename$ to': (ftp) => ftp.rename$('/a', long),
  site$: (ftp) => ftp.site$(long),
  opts$: (ftp) => ftp.opts$('UTF8', long),
  send$: (ftp) => ftp.send$(`XYZZ ${long}`),
  exchange$: (ftp) => ftp.exchange$(`XYZZ ${long}`, { expect: 2 }),
  retr$: (ftp) => ftp.retr$(long),
  'retr$ from an offset, verified': (ftp) => ftp.retr$(long, { start: 1, verify: 'size' }),
  stor$: (ftp) => ftp.stor$(long, source()),
  appe$: (ftp) => ftp.appe$(long, source()),
  stou$: (ftp) => ftp.stou$(source(), long),
  list$: (ftp) => ftp.list$(long),
  nlst$: (ftp) => ftp.nlst$(long),
  mlsd$: (ftp) => ftp.mlsd$(long),
  entries$: (ftp) => ftp.entries$(long),
  'entries$ of a name that LIST would not take': (ftp) => ftp.entries$(`${long} *`),
  'transfer$ that receives': (ftp) => ftp.transfer$(`RETR ${long}`),
  'transfer$ that sends': (ftp) => ftp.transfer$(`STOR ${long}`, { source: source() }),
};

describe('a line that is too long for the server', () => {
  it.each(Object.keys(operations))('is refused with nothing sent, and the session goes on: %s', async (name) => {
    await using server = await scriptedServer({ files, greeting: inetutils });
    await using open = await sessionOf(server);
    read = 0;
    const told = await toldBy(server, async () => {
      const operation = operations[name]?.(open.ftp) as Observable<unknown>;
      const error = await observe(operation).failed;
      expect(error).toBeInstanceOf(FtpUsageError);
      expect(error).toMatchObject({ message: expect.stringMatching(/was not sent: .* bytes .* 511 .*cwd\$/) });
    });
    expect(told).toEqual([]);
    expect(read).toBe(0);
    expect(await observe(open.ftp.size$('/a')).settled).toEqual([12]);
    expect(Buffer.concat(await observe(open.ftp.retr$('/a')).settled).toString()).toBe('content of a');
  });

  it.each([
    ['inetutils', inetutils, 511],
    ['pyftpdlib', '220 pyftpdlib 1.5.7 ready.', 2048],
    ['vsftpd', '220 (vsFTPd 3.0.3)', 4096],
    ['ProFTPD', '220 ProFTPD Server (Debian) [127.0.0.1]', 4096],
    ['Pure-FTPd', '220 Welcome to Pure-FTPd', 4096],
    ['any other', '220 Ready', 510],
  ])('is one above the limit, which goes by the greeting: %s', async (_name, greeting, limit) => {
    await using server = await scriptedServer({ files, greeting });
    await using ftp = clientOf(server);
    await observe(ftp.noop$()).settled;
    const at = pathFor(limit);
    expect(await toldBy(server, () => observe(ftp.dele$(at)).failed)).toEqual([`DELE ${at}`]);
    const told = await toldBy(server, async () => {
      expect(await observe(ftp.dele$(pathFor(limit + 1))).failed).toBeInstanceOf(FtpUsageError);
    });
    expect(told).toEqual([]);
    expect(server.sessions).toHaveLength(1);
  });

  it.each([
    ['larger, of a server that is not known', '220 Ready', 5000, 5000],
    ['smaller, of a server that is not known', '220 Ready', 64, 64],
    ['larger, of a known one', inetutils, 5000, 511],
    ['smaller, of a known one', '220 (vsFTPd 3.0.3)', 300, 300],
  ])('is one above maxCommandBytes, or above what a known server takes: %s', async (_name, greeting, maxCommandBytes, limit) => {
    await using server = await scriptedServer({ files, greeting });
    await using ftp = clientOf(server, { maxCommandBytes });
    await observe(ftp.noop$()).settled;
    const at = pathFor(limit);
    expect(await toldBy(server, () => observe(ftp.dele$(at)).failed)).toEqual([`DELE ${at}`]);
    const error = await observe(ftp.dele$(pathFor(limit + 1))).failed;
    expect(error).toBeInstanceOf(FtpUsageError);
    const { message } = error as FtpUsageError;
    expect(message).toContain(` ${limit} `);
    expect(message.includes('option maxCommandBytes')).toBe(limit === maxCommandBytes);
    expect(server.commands).not.toContain(`DELE ${pathFor(limit + 1)}`);
    expect(server.sessions).toHaveLength(1);
  });

  it('names the option that raises the limit, where nothing is known of the server', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    expect(await observe(ftp.dele$(pathFor(511))).failed).toMatchObject({
      message: expect.stringMatching(/raise the option maxCommandBytes\.$/),
    });
  });

  it('is sent where the user says that the server takes it: transfers', async () => {
    const path = `/${'q'.repeat(2_000)}`;
    await using server = await scriptedServer({ files: { [path]: 'far away' } });
    await using ftp = clientOf(server, { maxCommandBytes: 4_096 });
    expect(Buffer.concat(await observe(ftp.retr$(path)).settled).toString()).toBe('far away');
    await observe(ftp.stor$(path, 'again')).settled;
    expect(server.tree.text(path)).toBe('again');
  });

  it('is measured in bytes, not in characters', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    expect(await observe(ftp.dele$('ü'.repeat(252))).failed).toBeInstanceOf(FtpUsageError);
    expect(await observe(ftp.dele$('ü'.repeat(251))).failed).toMatchObject({ reply: { code: 550 } });
  });

  it('is one among others that go out together: only its own operation is refused', async () => {
    await using server = await scriptedServer({ files, greeting: inetutils });
    await using ftp = clientOf(server);
    await observe(ftp.noop$()).settled;
    const [before, bad, after] = [observe(ftp.size$('/a')), observe(ftp.size$(long)), observe(ftp.size$('/dir/b'))];
    expect(await bad.failed).toBeInstanceOf(FtpUsageError);
    expect([await before.settled, await after.settled]).toEqual([[12], [1]]);
  });

  it.each([
    ['user', { user: long, password: 'secret' }, []],
    ['password', { user: 'me', password: long }, ['USER me']],
  ])('ends a login: %s, which is not shown', async (_name, login, told) => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server, login);
    const error = await observe(ftp.noop$()).failed;
    expect(error).toBeInstanceOf(FtpUsageError);
    expect((error as Error).message).not.toContain('qqq');
    expect(server.commands).toEqual(told);
  });
});

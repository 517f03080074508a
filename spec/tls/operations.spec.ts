/** AUTH, PBSZ, PROT and CCC as operations: what ftplib's FTP_TLS does step by step (`auth`, `prot_p`, `prot_c`, `ccc`). */
import { createSecureContext } from 'node:tls';
import { lastValueFrom, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { connect$, FtpConnectionError, type FtpOptions, FtpSecurityError, FtpUsageError } from '../../lib/index.js';
import { observe } from '../support/observe.js';
import { type ScriptedServer, scriptedServer } from '../support/scripted-server.js';
import { names, resumption, secureClient, secureOptions } from './support/secure-client.js';

const files = { [names.file]: 'hello' };

async function opened(server: ScriptedServer, more: Partial<FtpOptions> = {}) {
  const session = observe(connect$(secureOptions(server, more)), { name: 'connect$' });
  const ftp = await session.nth(1);
  const close = async (): Promise<void> => {
    session.unsubscribe();
    await server.event('control-closed');
  };
  return { ftp, session, [Symbol.asyncDispose]: close };
}

describe('auth$', () => {
  const clear = { secure: false } as const;

  it('secures a clear session; prot$ then protects its data connections', async () => {
    await using server = await scriptedServer({ tls: 'explicit', files });
    await using opening = await opened(server, clear);
    const { ftp } = opening;
    expect(await lastValueFrom(ftp.auth$())).toMatchObject({ code: 234 });
    await lastValueFrom(ftp.retr$(names.file));
    expect(server.journal.of('data-secured')).toEqual([]);
    expect(await lastValueFrom(ftp.prot$('P'))).toMatchObject({ code: 200 });
    await lastValueFrom(ftp.retr$(names.file));
    expect(resumption(server)).toEqual({ secured: 1, resumed: 1 });
    const after = server.journal.of('command').filter(({ secure }) => secure);
    expect(after.map(({ verb }) => verb)).toEqual(expect.arrayContaining(['FEAT', 'PBSZ', 'PROT', 'RETR']));
  });

  it('forgets what was learnt in clear', async () => {
    await using server = await scriptedServer({ tls: 'explicit', files });
    server.features = ['UTF8', 'XPLANTED'];
    await using opening = await opened(server, clear);
    const { ftp } = opening;
    expect(ftp.features.has('XPLANTED')).toBe(true);
    server.features = ['UTF8'];
    await lastValueFrom(ftp.auth$());
    expect(ftp.features.has('XPLANTED')).toBe(false);
  });

  it.each([
    ['a refusal', '534 Too late.', /before the login/],
    ['a reply behind the 234', '234 go\r\n230 injected', /injected/],
  ])('%s ends the session', async (_what, reply, message) => {
    await using server = await scriptedServer({ tls: 'explicit', files });
    server.answer('AUTH', reply);
    const session = observe(connect$(secureOptions(server, clear)));
    const ftp = await session.nth(1);
    const error = await observe(ftp.auth$()).failed;
    expect(error).toBeInstanceOf(FtpSecurityError);
    expect(String(error)).toMatch(message);
    expect(await session.failed).toBeInstanceOf(FtpSecurityError);
  });

  it('cancelled before the end of its handshake, it ends the session, and the error says so', async () => {
    await using server = await scriptedServer({ tls: 'explicit', files });
    const session = observe(connect$(secureOptions(server, clear)));
    const ftp = await session.nth(1);
    const securing = observe(ftp.auth$());
    server.on('AUTH', (at) => {
      securing.unsubscribe();
      return at.reply('234 Go on.');
    });
    const error = await session.failed;
    expect(error).toBeInstanceOf(FtpConnectionError);
    expect(error).toMatchObject({ phase: 'abort', transient: false, message: expect.stringMatching(/cancelled/) });
  });

  it('is refused on a session that is secured already, as by ftplib, and on a client', async () => {
    await using server = await scriptedServer({ tls: 'explicit', files });
    await using opening = await opened(server);
    expect(await observe(opening.ftp.auth$()).failed).toBeInstanceOf(FtpUsageError);
    await using client = secureClient(server);
    expect(await observe(client.auth$()).failed).toBeInstanceOf(FtpUsageError);
    expect(server.commands.filter((line) => line.startsWith('AUTH'))).toHaveLength(1);
  });
});

describe('pbsz$ and prot$', () => {
  it('PROT C and PROT P change the data connections that follow', async () => {
    await using server = await scriptedServer({ tls: 'explicit', files });
    await using ftp = secureClient(server);
    expect(await lastValueFrom(ftp.pbsz$(0))).toMatchObject({ code: 200 });
    await lastValueFrom(ftp.prot$('C'));
    await lastValueFrom(ftp.retr$(names.file));
    expect(server.journal.of('data-secured')).toEqual([]);
    await lastValueFrom(ftp.prot$('P'));
    await lastValueFrom(ftp.retr$(names.file));
    expect(resumption(server)).toEqual({ secured: 1, resumed: 1 });
  });

  it('what the user has set holds on every later session', async () => {
    await using server = await scriptedServer({ tls: 'explicit', files });
    await using ftp = secureClient(server, { dataProtection: 'clear' });
    await lastValueFrom(ftp.prot$('P'));
    await server.sessions[0]?.closeControl('fin');
    await server.event('control-closed');
    await lastValueFrom(ftp.retr$(names.file));
    expect(server.sessions).toHaveLength(2);
    expect(resumption(server)).toEqual({ secured: 1, resumed: 1 });
  });

  it('left at PBSZ, the level stays as it was', async () => {
    await using server = await scriptedServer({ tls: 'explicit', files });
    await using ftp = secureClient(server);
    await observe(ftp.noop$()).settled;
    server.once('PBSZ', (session) => {
      leaving.unsubscribe();
      return session.reply('200 Ok.');
    });
    const leaving = observe(ftp.prot$('C'));
    await server.received('PBSZ', 2);
    await observe(ftp.noop$()).settled;
    expect(server.commands.slice(-2)).toEqual(['PBSZ 0', 'NOOP']);
  });

  it('a refused PROT changes nothing', async () => {
    await using server = await scriptedServer({ tls: 'explicit', files });
    await using ftp = secureClient(server);
    await lastValueFrom(ftp.noop$());
    server.answer('PROT', '536 Never in clear.');
    expect(await observe(ftp.prot$('C')).failed).toMatchObject({ code: 'ERR_FTP_REPLY', reply: { code: 536 } });
    await lastValueFrom(ftp.retr$(names.file));
    expect(resumption(server).secured).toBe(1);
  });

  it.each([
    ['PROT S', { secure: 'explicit' }, /level S, which is neither P nor C/],
    ['prot e', { secure: 'explicit' }, /level E, which is neither P nor C/],
    ['PROT S', { secure: false }, /level S, which is neither P nor C/],
    ['PROT P', { secure: false }, /level P, since this session has no TLS/],
  ] as const)('after %s of %j nothing is transferred, until the level is one that is spoken', async (line, more, message) => {
    await using server = await scriptedServer({ tls: 'explicit', files });
    server.answer('PROT', '200 Granted.');
    await using opening = await opened(server, more);
    const { ftp } = opening;
    await lastValueFrom(ftp.send$(line));
    for (const transfer of [ftp.retr$(names.file), ftp.stor$('/n', 'private'), ftp.list$(), ftp.transfer$('LIST')]) {
      const error = await observe<unknown>(transfer).failed;
      expect(error).toBeInstanceOf(FtpSecurityError);
      expect(String(error)).toMatch(message);
    }
    expect(server.journal.of('data-opened')).toEqual([]);
    await lastValueFrom(ftp.send$('PROT C'));
    await lastValueFrom(ftp.retr$(names.file));
    expect(server.journal.of('data-opened')).toHaveLength(1);
  });

  it('a level that was refused leaves the one before', async () => {
    await using server = await scriptedServer({ tls: 'explicit', files });
    await using ftp = secureClient(server);
    await lastValueFrom(ftp.noop$());
    server.answer('PROT', '536 Not S.');
    expect(await lastValueFrom(ftp.send$('PROT S'))).toMatchObject({ code: 536 });
    await lastValueFrom(ftp.retr$(names.file));
    expect(resumption(server)).toEqual({ secured: 1, resumed: 1 });
  });

  it.each(['S', 'E', 'p', '', undefined])('prot$(%j) is refused, with nothing sent', async (level) => {
    await using server = await scriptedServer({ tls: 'explicit', files });
    await using ftp = secureClient(server);
    expect(await observe(ftp.prot$(level as 'P')).failed).toBeInstanceOf(FtpUsageError);
    expect(server.sessions).toHaveLength(0);
  });

  it('PROT needs a secured control connection', async () => {
    await using server = await scriptedServer({ tls: 'explicit', files });
    await using opening = await opened(server, { secure: false });
    expect(await observe(opening.ftp.prot$('P')).failed).toBeInstanceOf(FtpUsageError);
    expect(server.commands).not.toContain('PROT P');
  });
});

describe('ccc$', () => {
  // What it does is also held against ProFTPD and Pure-FTPd: spec/interop/tls-ccc.spec.ts.

  it('granted, the control connection goes on in clear, and data connections stay protected', async () => {
    await using server = await scriptedServer({ tls: 'explicit', files, ccc: true });
    await using opening = await opened(server, { allowCcc: true });
    expect(await lastValueFrom(opening.ftp.ccc$())).toMatchObject({ code: 200 });
    await lastValueFrom(opening.ftp.retr$(names.file).pipe(toArray()));
    expect(server.clear.toString()).toMatch(/RETR/);
    expect(server.journal.of('data-secured')).toHaveLength(1);
  });

  it('a second reply to it is a security error, since it would be read in clear text', async () => {
    await using server = await scriptedServer({ tls: 'explicit', files, ccc: true });
    server.answer('CCC', '200 Clear from now on.', '200 Once more.');
    const session = observe(connect$(secureOptions(server, { allowCcc: true })));
    const error = await observe((await session.nth(1)).ccc$()).failed;
    expect(error).toBeInstanceOf(FtpSecurityError);
    expect(String(error)).toMatch(/More than one reply came to CCC/);
    expect(await session.failed).toBe(error);
  });

  it('without allowCcc it is refused, and nothing is sent', async () => {
    await using server = await scriptedServer({ tls: 'explicit', files });
    await using opening = await opened(server);
    const error = await observe(opening.ftp.ccc$()).failed;
    expect(error).toBeInstanceOf(FtpUsageError);
    expect(String(error)).toMatch(/allowCcc: true/);
    expect(server.commands).not.toContain('CCC');
  });

  it('on a session in clear and on a client it is refused', async () => {
    await using server = await scriptedServer({ tls: 'explicit', files });
    await using opening = await opened(server, { secure: false, allowCcc: true });
    expect(await observe(opening.ftp.ccc$()).failed).toBeInstanceOf(FtpUsageError);
    await using client = secureClient(server, { allowCcc: true });
    expect(await observe(client.ccc$()).failed).toBeInstanceOf(FtpUsageError);
    expect(server.commands).not.toContain('CCC');
  });

  it('refused by the server, the session stays under TLS', async () => {
    await using server = await scriptedServer({ tls: 'explicit', files });
    await using opening = await opened(server, { allowCcc: true });
    expect(await observe(opening.ftp.ccc$()).failed).toMatchObject({ reply: { code: 534 } });
    await lastValueFrom(opening.ftp.noop$());
    expect(server.clear.toString()).toBe('AUTH TLS\r\n');
  });

  it('a session that allows it and does not use it is like any other', async () => {
    await using server = await scriptedServer({ tls: { mode: 'implicit', requireReuse: true }, files });
    await using ftp = secureClient(server, { allowCcc: true });
    await lastValueFrom(ftp.retr$(names.file).pipe(toArray()));
    expect(resumption(server)).toEqual({ secured: 1, resumed: 1 });
  });
});

describe('rein$', () => {
  it('would take the protection back, and is refused on a secured session', async () => {
    await using server = await scriptedServer({ tls: 'explicit', files });
    await using opening = await opened(server);
    const error = await observe(opening.ftp.rein$()).failed;
    expect(error).toBeInstanceOf(FtpUsageError);
    expect(String(error)).toContain('protection');
    expect(server.commands).not.toContain('REIN');
  });
});

describe('lines of one’s own', () => {
  it.each(['AUTH TLS', 'CCC', 'REIN'])('%s is not for send$: it changes the connection itself', async (line) => {
    await using server = await scriptedServer({ tls: 'explicit', files });
    await using ftp = secureClient(server);
    expect(await observe(ftp.send$(line)).failed).toBeInstanceOf(FtpUsageError);
    expect(server.commands).toEqual([]);
  });
});

describe('a secure context of one’s own', () => {
  it('serves for both connections, as ftplib’s `context`', async () => {
    await using server = await scriptedServer({ tls: { mode: 'explicit', requireReuse: true }, files });
    const secureContext = createSecureContext({ ca: server.tls?.authority.cert });
    await using ftp = secureClient(server, { tls: { ca: undefined, secureContext } });
    await lastValueFrom(ftp.retr$(names.file));
    expect(resumption(server)).toEqual({ secured: 1, resumed: 1 });
  });
});

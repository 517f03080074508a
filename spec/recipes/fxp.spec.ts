/** fxp$ between two scripted servers: what is sent where, in which order, and what comes of each failure. */
import { lastValueFrom, take, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  FtpClient,
  type FtpOptions,
  FtpReplyError,
  FtpSecurityError,
  FtpTimeoutError,
  FtpTransferError,
  FtpUnsupportedError,
  FtpUsageError,
} from '../../lib/index.js';
import { type FxpOptions, fxp$ } from '../../lib/recipes/index.js';
import { endAfterEach } from '../support/endings.js';
import {
  type ScriptedServer,
  type ScriptedServerOptions,
  type Session,
  scriptedServer,
} from '../support/scripted-server.js';

const endLater = endAfterEach();
const content = 'x'.repeat(5_000);

interface Side {
  readonly server: ScriptedServer;
  readonly ftp: FtpClient;
}

async function start(script: ScriptedServerOptions = {}, options: Partial<FtpOptions> = {}): Promise<Side> {
  const server = await scriptedServer({ files: { '/a': content, '/dir/': '' }, ...script });
  endLater(() => server.close());
  const { host, port } = server;
  const ftp = new FtpClient({ host, port, abortTimeoutMs: 1_000, replyTimeoutMs: 5_000, ...options });
  endLater(() => ftp[Symbol.asyncDispose]());
  return { server, ftp };
}

const copy = ({ ftp: source }: Side, { ftp: target }: Side, options?: FxpOptions) =>
  lastValueFrom(fxp$(source, '/a', target, '/b', options).pipe(toArray()));

/** The commands behind the login. */
const worked = ({ server }: Side): string[] =>
  server.commands
    .filter((line) => !/^(USER|PASS|FEAT|OPTS|QUIT|TYPE|SIZE)/.test(line))
    .map((line) => line.replace(/\d+,\d+$/, 'p,p'));

/** Both sessions do other work, and no other one was opened. */
async function expectFit(...sides: readonly Side[]): Promise<void> {
  for (const { ftp, server } of sides) {
    await lastValueFrom(ftp.stor$('/fit', 'fit'));
    expect(server.tree.text('/fit')).toBe('fit');
    expect(server.sessions).toHaveLength(1);
  }
}

describe('fxp$', () => {
  it('lets the target listen and the source connect, which gets its command first', async () => {
    const [source, target] = [await start(), await start()];
    const sent: string[] = [];
    for (const { ftp } of [source, target]) ftp.command$.subscribe((line) => sent.push(line));
    const progress = await copy(source, target);
    expect(target.server.tree.text('/b')).toBe(content);
    expect(worked(source)).toEqual(['PORT 127,0,0,1,p,p', 'RETR /a']);
    expect(worked(target)).toEqual(['PASV', 'STOR /b']);
    expect(sent.filter((line) => /^(RETR|STOR)/.test(line))).toEqual(['RETR /a', 'STOR /b']);
    expect(progress).toMatchObject([
      { path: '/b', bytes: 0, total: content.length, done: false, verified: false },
      { path: '/b', bytes: content.length, total: content.length, done: true, verifiedBy: 'size' },
    ]);
    await expectFit(source, target);
  });

  it('lets the source listen where that is asked for', async () => {
    const [source, target] = [await start(), await start()];
    await copy(source, target, { passive: 'source' });
    expect(worked(source)).toEqual(['PASV', 'RETR /a']);
    expect(worked(target)).toEqual(['PORT 127,0,0,1,p,p', 'STOR /b']);
    await expectFit(source, target);
  });

  it('takes EPSV from a server without PASV, and PRET where it is named', async () => {
    const [source, target] = [await start(), await start()];
    target.server.features = ['PRET', 'SIZE'];
    target.server.answer('PASV', '500 What?').answer('PRET', '200 So be it.');
    await copy(source, target);
    expect(worked(target)).toEqual(['PRET STOR /b', 'PASV', 'EPSV', 'STOR /b']);
    expect(target.server.tree.text('/b')).toBe(content);
  });

  it('takes EPSV and EPRT for addresses of IPv6', async () => {
    const [source, target] = [await start({ host: '::1' }), await start({ host: '::1' })];
    await copy(source, target);
    expect(worked(target)).toEqual(['EPSV', 'STOR /b']);
    expect(worked(source)).toEqual([expect.stringMatching(/^EPRT \|2\|::1\|\d+\|$/), 'RETR /a']);
    expect(target.server.tree.text('/b')).toBe(content);
  });

  it('does not trust the host in the reply to PASV', async () => {
    const [source, target] = [await start(), await start({ pasvHost: '192.0.2.1' })];
    await copy(source, target);
    expect(worked(source)).toContain('PORT 127,0,0,1,p,p');
  });

  it.each([
    ['the option', { trustPasvHost: true }, {}],
    ["the client's option", {}, { trustPasvHost: true }],
    ['an address', { listenAddress: '192.0.2.1' }, {}],
  ] as const)('tells another host by %s', async (_what, options, ofClient) => {
    const [source, target] = [await start(), await start({ pasvHost: '192.0.2.1' }, ofClient)];
    source.server.answer('PORT', '500 Illegal PORT command.');
    await expect(copy(source, target, options)).rejects.toThrow(FtpUnsupportedError);
    expect(worked(source)).toEqual(['PORT 192,0,2,1,p,p']);
  });

  it('is made in MODE S and TYPE I, whatever was set', async () => {
    const [source, target] = [await start(), await start()];
    source.server.features = ['MODE Z', 'SIZE'];
    await lastValueFrom(source.ftp.mode$('Z'));
    await lastValueFrom(source.ftp.retr$('/a'));
    await copy(source, target);
    expect(target.server.tree.text('/b')).toBe(content);
  });

  it('is proved by nothing, or by what neither server tells', async () => {
    const [source, target] = [await start(), await start()];
    const [, unproved] = await copy(source, target, { verify: false });
    expect(unproved).toMatchObject({ bytes: content.length, done: true, verified: false });
    source.server.answer('SIZE', '502 Not here.');
    target.server.answer('SIZE', '502 Not here.');
    const [, untold] = await copy(source, target);
    expect(untold).toMatchObject({ bytes: 0, done: true, verified: false });
    await expect(copy(source, target, { verify: 'size' })).rejects.toThrow(FtpUnsupportedError);
    await expect(copy(source, target, { verify: 'hash' })).rejects.toThrow(FtpUnsupportedError);
  });

  it('is no success where the sizes differ', async () => {
    const [source, target] = [await start(), await start()];
    target.server.answer('SIZE', '213 4999');
    await expect(copy(source, target)).rejects.toThrow(FtpTransferError);
  });

  it('sends nothing to the target for a source that is not there', async () => {
    const [source, target] = [await start(), await start()];
    const missing = fxp$(source.ftp, '/none', target.ftp, '/b');
    await expect(lastValueFrom(missing)).rejects.toThrow(FtpReplyError);
    expect(target.server.commands).toEqual([]);
  });

  it('leaves the target alone where the source refuses the file', async () => {
    const [source, target] = [await start(), await start()];
    source.server.answer('RETR', '550 Permission denied.');
    await expect(copy(source, target)).rejects.toThrow(FtpReplyError);
    // The port is closed by another one.
    expect(worked(target)).toEqual(['PASV', 'PASV']);
    await expectFit(target);
  });

  it.each([
    ['source', 'PORT', '500 Illegal PORT command.', FtpUnsupportedError],
    ['source', 'RETR', '425 Cannot connect.', FtpUnsupportedError],
    ['source', 'RETR', '450 Busy.', FtpReplyError],
    ['target', 'PASV', '425 Not here.', FtpUnsupportedError],
    ['target', 'STOR', '425 Bad IP connecting.', FtpUnsupportedError],
    ['target', 'STOR', '552 No room.', FtpReplyError],
    ['target', 'TYPE', '504 No type.', FtpUnsupportedError],
  ] as const)('tells that the %s refuses %s by %s', async (role, verb, text, kind) => {
    const sides = { source: await start(), target: await start() };
    const [side] = [sides[role]];
    side.server.on(verb, (session) => session.reply(text));
    if (verb === 'TYPE') await lastValueFrom(side.ftp.noop$());
    const error = await copy(sides.source, sides.target).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(kind);
    expect(String(error)).toContain(role);
    const other = role === 'source' ? sides.target : sides.source;
    expect(await lastValueFrom(other.ftp.size$('/a'))).toBe(content.length);
    expect(other.server.sessions).toHaveLength(1);
  });

  it('is no success where one server calls it complete and the other does not', async () => {
    const [source, target] = [await start(), await start()];
    target.server.on('STOR', async (session: Session) => {
      await session.rawData();
      await session.reply('150 Ok.');
      await session.receiveData();
      await session.reply('451 Disk.');
    });
    await expect(copy(source, target)).rejects.toThrow(FtpTransferError);
    await expectFit(source);
  });

  it('refuses protection that differs', async () => {
    const source = await start(
      { tls: { mode: 'explicit' } },
      { secure: 'explicit', tls: { rejectUnauthorized: false } },
    );
    const target = await start();
    await expect(copy(source, target)).rejects.toThrow(FtpSecurityError);
    expect(worked(target)).toEqual([]);
  });

  it('refuses TLS where neither server has SSCN', async () => {
    const options = { secure: 'explicit', tls: { rejectUnauthorized: false } } as const;
    const [source, target] = [
      await start({ tls: { mode: 'explicit' } }, options),
      await start({ tls: { mode: 'explicit' } }, options),
    ];
    await expect(copy(source, target)).rejects.toThrow(/SSCN/);
    expect(worked(target)).not.toContain('PASV');
  });

  it('gives up a wait for the second session', async () => {
    const both = await start({}, { maxSessions: 1 });
    await expect(copy(both, both, { sessionTimeoutMs: 50 })).rejects.toThrow(FtpTimeoutError);
    await expectFit(both);
  });

  it('copies within one client of two sessions', async () => {
    const both = await start({}, { maxSessions: 2 });
    await copy(both, both);
    expect(both.server.tree.text('/b')).toBe(content);
  });

  it('sends nothing for bad input', async () => {
    const [source, target] = [await start(), await start()];
    const bad = [
      { passive: 'both' },
      { verify: true },
      { listenAddress: 'host.example' },
      { trustPasvHost: 1 },
      { sessionTimeoutMs: 0 },
      { deadlineMs: -1 },
      { deadlineMs: Number.NaN },
      { passiv: 'target' },
      { signal: 1 },
    ] as unknown as FxpOptions[];
    for (const options of bad) await expect(copy(source, target, options)).rejects.toThrow(FtpUsageError);
    const injected = fxp$(source.ftp, '/a\r\nDELE /a', target.ftp, '/b');
    await expect(lastValueFrom(injected)).rejects.toThrow(FtpUsageError);
    expect([...source.server.commands, ...target.server.commands]).toEqual([]);
  });

  it('is aborted at both servers behind its deadline', async () => {
    const [source, target] = [await start(), await start()];
    source.server.on('RETR', async (session: Session) => {
      await session.rawData();
      await session.reply('150 Slowly.');
    });
    source.server.on('ABOR', async (session: Session) => {
      session.link?.reset();
      await session.reply('426 Broken.', '226 Aborted.');
    });
    const error = await copy(source, target, { deadlineMs: 200 }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(FtpTimeoutError);
    expect(error).toMatchObject({ phase: 'data', afterMs: 200, outcome: 'unknown', command: 'STOR /b' });
    expect(await lastValueFrom(source.ftp.size$('/a'))).toBe(content.length);
    await lastValueFrom(target.ftp.noop$());
    for (const { server } of [source, target]) {
      expect(server.commands).toContain('ABOR');
      expect(server.sessions).toHaveLength(1);
    }
  });

  it('is not touched by a deadline that has not passed, and leaves no timer', async () => {
    const [source, target] = [await start(), await start()];
    await copy(source, target, { deadlineMs: 3_600_000 });
    expect(target.server.tree.text('/b')).toBe(content);
    await expectFit(source, target);
  });

  it('is aborted at both servers when it is left, and by its signal', async () => {
    for (const way of ['unsubscribe', 'signal']) {
      const [source, target] = [await start(), await start()];
      source.server.on('RETR', async (session: Session) => {
        await session.rawData();
        await session.reply('150 Slowly.');
      });
      const aborting = new AbortController();
      const copied$ = fxp$(source.ftp, '/a', target.ftp, '/b', { signal: aborting.signal });
      if (way === 'unsubscribe') await lastValueFrom(copied$.pipe(take(1)));
      else {
        const reason = new Error('enough');
        const failed = new Promise((resolve) => {
          copied$.subscribe({ next: () => aborting.abort(reason), error: resolve });
        });
        expect(await failed).toBe(reason);
      }
      source.server.on('ABOR', async (session: Session) => {
        session.link?.reset();
        await session.reply('426 Broken.', '226 Aborted.');
      });
      expect(await lastValueFrom(source.ftp.size$('/a'))).toBe(content.length);
      expect(source.server.commands).toContain('ABOR');
      expect(target.server.commands).toContain('ABOR');
      await lastValueFrom(target.ftp.noop$());
    }
  });
});

describe('left at each command', () => {
  it.each(['source', 'target'] as const)('of the %s, both sessions go on', async (role) => {
    const verbs = role === 'source' ? ['SIZE', 'TYPE', 'PORT', 'RETR'] : ['TYPE', 'PASV', 'STOR', 'SIZE'];
    for (const verb of verbs) {
      const sides = { source: await start(), target: await start() };
      await new Promise<void>((resolve) => {
        const subscription = fxp$(sides.source.ftp, '/a', sides.target.ftp, '/b').subscribe({ error: () => resolve() });
        void sides[role].server.received(verb).then(() => {
          subscription.unsubscribe();
          resolve();
        });
      });
      for (const { ftp } of [sides.source, sides.target]) {
        expect(await lastValueFrom(ftp.size$('/a')), verb).toBe(content.length);
      }
    }
  });
});

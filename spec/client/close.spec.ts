import { firstValueFrom, lastValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { FtpConnectionError, FtpUsageError } from '../../lib/index.js';
import { observe } from '../support/observe.js';
import { type Session, scriptedServer } from '../support/scripted-server.js';
import { afterLogin, clientOf, clientOfTwoSessions } from './support/open.js';

describe('closing a client', () => {
  it('says QUIT on every session and waits until they are closed', async () => {
    await using server = await scriptedServer();
    const ftp = await clientOfTwoSessions(server);
    const closing = observe(ftp.close$());
    expect(await closing.settled).toEqual([undefined]);
    expect(server.commands.filter((line) => line === 'QUIT')).toHaveLength(2);
    await server.event('control-closed', { nth: 2 });
  });

  it('is cold, and can be repeated', async () => {
    await using server = await scriptedServer();
    const ftp = clientOf(server);
    const close$ = ftp.close$();
    await observe(ftp.noop$()).settled;
    expect(await observe(close$).settled).toEqual([undefined]);
    expect(await observe(close$).settled).toEqual([undefined]);
    await ftp[Symbol.asyncDispose]();
    expect(server.commands.filter((line) => line === 'QUIT')).toHaveLength(1);
  });

  it('can be awaited by lastValueFrom, since it emits one undefined at its end', async () => {
    await using server = await scriptedServer();
    const ftp = clientOf(server);
    await lastValueFrom(ftp.noop$());
    expect(await lastValueFrom(ftp.close$())).toBeUndefined();
    await server.event('control-closed');
  });

  it.each([
    { drain: 1 },
    { drain: 'true' },
    { drain: null },
    { anything: 1 },
    { Drain: true },
    AbortSignal.abort(),
    null,
    true,
  ])('closes nothing for options that it does not have: %o', async (options) => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    const close$ = ftp.close$ as (this: typeof ftp, options: unknown) => ReturnType<typeof ftp.close$>;
    expect(await observe(close$.call(ftp, options)).failed).toBeInstanceOf(FtpUsageError);
    await observe(ftp.noop$()).settled;
    expect(server.commands).not.toContain('QUIT');
  });

  it('opens nothing for a client that was never used', async () => {
    await using server = await scriptedServer();
    await lastValueFrom(clientOf(server).close$());
    expect(server.sessions).toHaveLength(0);
  });

  it('ends what runs and what waits with FtpConnectionError; what comes later with FtpUsageError', async () => {
    await using server = await scriptedServer({ files: { '/big': Buffer.alloc(8_000_000) } });
    const ftp = clientOf(server);
    const running = observe(ftp.retr$('/big'));
    await running.nth(1);
    const waiting = [observe(ftp.dele$('/big')), observe(ftp.list$())];
    const closing = observe(ftp.close$());
    for (const { failed } of [running, ...waiting]) {
      const error = await failed;
      expect(error).toBeInstanceOf(FtpConnectionError);
      expect(error).toMatchObject({ phase: 'close' });
    }
    expect(await observe(ftp.noop$()).failed).toBeInstanceOf(FtpUsageError);
    await closing.settled;
    const error = await observe(ftp.noop$()).failed;
    expect(error).toBeInstanceOf(FtpUsageError);
    expect(String(error)).toContain('closed');
    expect(afterLogin(server)).toEqual(['TYPE I', 'EPSV', 'RETR /big', 'ABOR', 'PWD']);
    expect(server.commands.at(-1)).toBe('QUIT');
  });

  it('gives up a session that is being opened', async () => {
    await using server = await scriptedServer({ greeting: false });
    const ftp = clientOf(server);
    const waiting = observe(ftp.noop$());
    await server.event('connected');
    await observe(ftp.close$()).settled;
    expect(await waiting.failed).toBeInstanceOf(FtpConnectionError);
    await server.event('control-closed');
  });

  it('completes also when the server does not answer QUIT, or hangs up at it', async () => {
    await using server = await scriptedServer();
    server.once('QUIT', (session) => session.closeControl('rst'));
    const first = clientOf(server);
    await observe(first.noop$()).settled;
    await observe(first.close$()).settled;
    server.on('QUIT', () => undefined);
    const second = clientOf(server, { abortTimeoutMs: 20 });
    await observe(second.noop$()).settled;
    await observe(second.close$()).settled;
    await server.event('control-closed', { nth: 2 });
  });

  it('happens at the end of an await using block', async () => {
    await using server = await scriptedServer();
    {
      await using ftp = clientOf(server);
      await observe(ftp.noop$()).settled;
    }
    expect(server.commands.at(-1)).toBe('QUIT');
  });

  it('says in state$ what closed the client', async () => {
    await using server = await scriptedServer();
    const [reason, aborting] = [new Error('we go home'), new AbortController()];
    const clients = [clientOf(server), clientOf(server, { signal: aborting.signal })] as const;
    const states = clients.map((ftp) => observe(ftp.state$));
    await observe(clients[0].close$()).settled;
    aborting.abort(reason);
    const [byClose, bySignal] = await Promise.all(states.map(({ settled }) => settled));
    expect(byClose?.at(-1)).toMatchObject({ cause: { message: 'The client was closed: close$ was subscribed.' } });
    expect(bySignal?.at(-1)).toMatchObject({ cause: { cause: reason, phase: 'close' } });
  });

  it('completes reply$, command$ and state$, the last of it with the cause', async () => {
    await using server = await scriptedServer();
    const ftp = clientOf(server);
    const live = [observe(ftp.reply$), observe(ftp.command$), observe(ftp.state$)] as const;
    await observe(ftp.noop$()).settled;
    await observe(ftp.close$()).settled;
    for (const observation of live) await observation.settled;
    expect(live[2].values.at(-1)).toMatchObject({ status: 'closed', cause: { code: 'ERR_FTP_CONNECTION' } });
    expect(live[1].values.at(-1)).toBe('QUIT');
    expect(live[0].values.at(-1)?.code).toBe(221);
    expect((await firstValueFrom(ftp.state$, { defaultValue: undefined }))?.status ?? 'closed').toBe('closed');
  });

  it('does not wait for a server that is slow to accept', async () => {
    const greeting = async (session: Session): Promise<void> => {
      await server.event('control-ended');
      await session.closeControl();
    };
    await using server = await scriptedServer({ greeting });
    const ftp = clientOf(server);
    const waiting = observe(ftp.pwd$());
    await server.event('connected');
    await ftp[Symbol.asyncDispose]();
    expect(await waiting.ended).toBe('error');
  });
});

/** sequence$: one session for commands that must follow each other. */
import { concat, EMPTY, lastValueFrom, map, NEVER, of, throwError, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { type CommandSequence, FtpClient, FtpUsageError } from '../../lib/index.js';
import { endAfterEach } from '../support/endings.js';
import { type ScriptedServer, scriptedServer } from '../support/scripted-server.js';

const endLater = endAfterEach();

async function start(options: { retry?: boolean } = {}): Promise<{ server: ScriptedServer; ftp: FtpClient }> {
  const server = await scriptedServer({ files: { '/a': 'abc' } });
  endLater(() => server.close());
  const ftp = new FtpClient({ host: server.host, port: server.port, abortTimeoutMs: 1_000, ...options });
  endLater(() => ftp[Symbol.asyncDispose]());
  return { server, ftp };
}

/** The commands behind the login. */
const worked = (server: ScriptedServer): string[] =>
  server.commands.filter((line) => !/^(USER|PASS|FEAT|OPTS|QUIT)/.test(line));

const twoNoops = (commands: CommandSequence) => concat(commands.send$('NOOP'), commands.send$('SITE CHMOD 600 /a'));

describe('sequence$', () => {
  it('keeps other work out until it is over', async () => {
    const { server, ftp } = await start();
    const first = lastValueFrom(ftp.sequence$(twoNoops));
    await Promise.all([first, lastValueFrom(ftp.size$('/a'))]);
    expect(worked(server)).toEqual(['NOOP', 'SITE CHMOD 600 /a', 'TYPE I', 'SIZE /a']);
  });

  it('emits what its work emits, refusals among it', async () => {
    const { ftp } = await start();
    const codes$ = ftp.sequence$((commands) =>
      concat(commands.send$('NOOP'), commands.send$('DELE /none')).pipe(map(({ code }) => code)),
    );
    expect(await lastValueFrom(codes$.pipe(toArray()))).toEqual([200, 550]);
  });

  it('errors as its work does, and the session goes on', async () => {
    const { server, ftp } = await start();
    const error = new Error('own');
    await expect(lastValueFrom(ftp.sequence$(() => throwError(() => error)))).rejects.toBe(error);
    const thrown = ftp.sequence$(() => {
      throw error;
    });
    await expect(lastValueFrom(thrown)).rejects.toBe(error);
    expect(await lastValueFrom(ftp.size$('/a'))).toBe(3);
    expect(server.sessions).toHaveLength(1);
  });

  it('tells what is known of the session', async () => {
    const { server, ftp } = await start();
    const seen = await lastValueFrom(
      ftp.sequence$(({ features, peer, protection, mode, trustPasvHost }) =>
        of({ size: features.has('SIZE'), peer, protection, mode, trustPasvHost }),
      ),
    );
    expect(seen).toEqual({ size: true, peer: server.host, protection: 'C', mode: 'S', trustPasvHost: false });
  });

  it('sends nothing when it is left before its turn', async () => {
    const { server, ftp } = await start();
    ftp.sequence$(twoNoops).subscribe().unsubscribe();
    await lastValueFrom(ftp.noop$());
    expect(worked(server)).toEqual(['NOOP']);
  });

  it('ends when what is under way is answered, where it is left', async () => {
    const { server, ftp } = await start();
    const subscription = ftp.sequence$((commands) => concat(commands.send$('NOOP'), NEVER)).subscribe();
    await server.received('NOOP');
    subscription.unsubscribe();
    expect(await lastValueFrom(ftp.size$('/a'))).toBe(3);
    expect(server.sessions).toHaveLength(1);
  });

  it('sends its last lines however it ends, the last given first, but those that were withdrawn', async () => {
    const { server, ftp } = await start();
    const ending = (commands: CommandSequence, last: 'done' | 'failed' | 'left') => {
      commands.atEnd('SITE CHMOD 601 /a');
      const withdraw = commands.atEnd('SITE CHMOD 602 /a');
      commands.atEnd('SITE CHMOD 603 /a');
      withdraw();
      if (last === 'done') return EMPTY;
      return last === 'failed' ? throwError(() => new Error('own')) : NEVER;
    };
    await lastValueFrom(
      ftp.sequence$((commands) => ending(commands, 'done')),
      { defaultValue: undefined },
    );
    await lastValueFrom(ftp.sequence$((commands) => ending(commands, 'failed'))).catch(() => undefined);
    await new Promise<void>((resolve) => {
      const left = ftp
        .sequence$((commands) => concat(commands.send$('NOOP'), ending(commands, 'left')))
        .subscribe(() => {
          left.unsubscribe();
          resolve();
        });
    });
    await lastValueFrom(ftp.pwd$());
    const lasts = ['SITE CHMOD 603 /a', 'SITE CHMOD 601 /a'];
    expect(worked(server)).toEqual([...lasts, ...lasts, 'NOOP', ...lasts, 'PWD']);
  });

  it('gives the session up where a last line is refused', async () => {
    const { server, ftp } = await start();
    const refused = ftp.sequence$((commands) => {
      commands.atEnd('SITE NONE');
      return of('value');
    });
    expect(await lastValueFrom(refused)).toBe('value');
    expect(await lastValueFrom(ftp.size$('/a'))).toBe(3);
    expect(server.sessions).toHaveLength(2);
  });

  it.each([
    'RETR /a',
    'LIST',
    'AUTH TLS',
    'CCC',
    'REIN',
    'CWD /',
    'CDUP',
    'PROT C',
    'OPTS MLST size;',
    'NOOP\r\nDELE /a',
  ])('refuses %j, which is not for it', async (line) => {
    const { server, ftp } = await start();
    const sent = ftp.sequence$((commands) => commands.send$(line));
    await expect(lastValueFrom(sent)).rejects.toThrow(FtpUsageError);
    const last = ftp.sequence$((commands) => of(commands.atEnd(line)));
    await expect(lastValueFrom(last)).rejects.toThrow(FtpUsageError);
    expect(worked(server)).toEqual([]);
  });

  it('refuses a transfer that is none, its use behind its end, and what is no function', async () => {
    const { ftp } = await start();
    const none = ftp.sequence$((commands) => commands.transferElsewhere$('NOOP'));
    await expect(lastValueFrom(none)).rejects.toThrow(FtpUsageError);
    const kept = await lastValueFrom(ftp.sequence$((commands) => of(commands)));
    await expect(lastValueFrom(kept.send$('NOOP'))).rejects.toThrow(/is over/);
    expect(() => kept.atEnd('NOOP')).toThrow(FtpUsageError);
    await expect(lastValueFrom(ftp.sequence$(1 as never))).rejects.toThrow(FtpUsageError);
  });

  it('is not repeated once its work was called', async () => {
    const { server, ftp } = await start({ retry: true });
    let calls = 0;
    server.on('NOOP', (session) => session.closeControl('rst'));
    const lost = ftp.sequence$((commands) => {
      calls += 1;
      return commands.send$('NOOP');
    });
    await expect(lastValueFrom(lost)).rejects.toThrow();
    expect(calls).toBe(1);
  });

  it('lets a later transfer set its own type', async () => {
    const { server, ftp } = await start();
    await lastValueFrom(ftp.sequence$((commands) => commands.send$('TYPE A')));
    expect(await lastValueFrom(ftp.size$('/a'))).toBe(3);
    expect(worked(server)).toEqual(['TYPE A', 'TYPE I', 'SIZE /a']);
  });
});

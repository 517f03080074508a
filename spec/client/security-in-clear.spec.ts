import type { Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { FtpSecurityError, FtpUsageError, type Reply } from '../../lib/index.js';
import { observe } from '../support/observe.js';
import { scriptedServer } from '../support/scripted-server.js';
import { clientOf, sessionOf } from './support/open.js';

describe('the operations of RFC 4217 on a clear session', () => {
  it('pbsz$ is sent as it is', async () => {
    await using server = await scriptedServer();
    server.answer('PBSZ', '200 PBSZ=0');
    await using open = await sessionOf(server);
    expect((await observe(open.ftp.pbsz$(0)).settled)[0]?.code).toBe(200);
    expect(server.commands.at(-1)).toBe('PBSZ 0');
    server.answer('PBSZ', '503 Not yet.');
    expect(await observe(open.ftp.pbsz$(0)).failed).toMatchObject({ reply: { code: 503 } });
  });

  it.each(['P', 'C'] as const)('prot$(%j) is refused, with nothing sent', async (level) => {
    await using server = await scriptedServer();
    await using open = await sessionOf(server);
    const sent = server.commands.length;
    expect(await observe(open.ftp.prot$(level)).failed).toBeInstanceOf(FtpUsageError);
    expect(server.commands).toHaveLength(sent);
  });

  it('are refused on a client before a session is opened', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server, { allowCcc: true });
    const refused: readonly [Observable<Reply>, string][] = [
      [ftp.auth$(), 'option secure'],
      [ftp.ccc$(), 'connect$'],
      [ftp.rein$(), 'connect$'],
      [ftp.prot$('P'), 'secured control connection'],
      [ftp.prot$('C'), 'secured control connection'],
    ];
    for (const [operation, reason] of refused) {
      const error = await observe(operation).failed;
      expect(error).toBeInstanceOf(FtpUsageError);
      expect(String(error)).toContain(reason);
    }
    expect(server.sessions).toHaveLength(0);
  });

  it('are refused for a bad argument, with nothing sent', async () => {
    await using server = await scriptedServer();
    await using open = await sessionOf(server);
    const sent = server.commands.length;
    expect(await observe(open.ftp.prot$('X' as 'P')).failed).toMatchObject({ message: expect.stringContaining("'P'") });
    expect(await observe(open.ftp.ccc$()).failed).toMatchObject({ message: expect.stringContaining('allowCcc') });
    expect(server.commands).toHaveLength(sent);
  });

  it('are given up with nothing sent before their turn', async () => {
    await using server = await scriptedServer();
    await using open = await sessionOf(server);
    const noop = observe(open.ftp.noop$());
    const prot = observe(open.ftp.prot$('P'));
    prot.unsubscribe();
    await noop.settled;
    await observe(open.ftp.pwd$()).settled;
    expect(server.commands.slice(-2)).toEqual(['NOOP', 'PWD']);
    expect(prot.error).toBeUndefined();
  });

  it('auth$ closes the session when the server refuses TLS', async () => {
    await using server = await scriptedServer();
    const open = await sessionOf(server);
    const error = await observe(open.ftp.auth$()).failed;
    expect(error).toBeInstanceOf(FtpSecurityError);
    expect(error).toMatchObject({ command: 'AUTH TLS', reply: { code: 502 }, outcome: 'refused' });
    await server.event('control-closed');
  });

  it('ccc$ is refused where there is nothing to clear', async () => {
    await using server = await scriptedServer();
    await using open = await sessionOf(server);
    expect(await observe(open.ftp.ccc$()).failed).toBeInstanceOf(FtpUsageError);
    expect(server.commands).not.toContain('CCC');
  });
});

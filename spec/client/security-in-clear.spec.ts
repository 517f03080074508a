import { describe, expect, it } from 'vitest';
import { FtpSecurityError, FtpUsageError } from '../../lib/index.js';
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

  it('auth$ and ccc$ are refused on a client, whose other sessions would not follow', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    expect(String(await observe(ftp.auth$()).failed)).toContain('option secure');
    expect(String(await observe(ftp.ccc$()).failed)).toContain('connect$');
    expect(server.commands).not.toContain('AUTH TLS');
  });

  it('auth$ closes the session when the server refuses TLS', async () => {
    await using server = await scriptedServer();
    const open = await sessionOf(server);
    const error = await observe(open.ftp.auth$()).failed;
    expect(error).toBeInstanceOf(FtpSecurityError);
    expect(error).toMatchObject({ command: 'AUTH TLS', reply: { code: 502 } });
    await server.event('control-closed');
  });

  it('ccc$ is refused where there is nothing to clear', async () => {
    await using server = await scriptedServer();
    await using open = await sessionOf(server);
    expect(await observe(open.ftp.ccc$()).failed).toBeInstanceOf(FtpUsageError);
    expect(server.commands).not.toContain('CCC');
  });
});

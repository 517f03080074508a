import { filter } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { FtpUsageError } from '../../../lib/index.js';
import { observe } from '../../support/observe.js';
import { type ScriptedServer, scriptedServer } from '../../support/scripted-server.js';
import { afterLogin, clientOf } from '../support/open.js';

const files = { '/a b': 'hello' };
const MFF = 'MFF modify;UNIX.group;UNIX.mode;';

async function withMff(reply: string, feature = MFF): Promise<ScriptedServer> {
  const server = await scriptedServer({ files });
  server.features = [...server.features, feature];
  return server.answer('MFF', reply);
}

describe('chmod$ by SITE CHMOD', () => {
  it.each([
    [0o644, '644'],
    [0o4755, '4755'],
    ['0600', '0600'],
    [0, '000'],
    [0o7, '007'],
    ['40', '040'],
  ])('sends %o as %s', async (mode, sent) => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    server.answer('SITE', '200 Done.');
    expect((await observe(ftp.chmod$('/a b', mode)).settled)[0]?.code).toBe(200);
    expect(server.commands.at(-1)).toBe(`SITE CHMOD ${sent} /a b`);
  });

  it.each([0o17777, -1, 1.5, Number.NaN, 'u+x', '888', '', '644 /etc/passwd', '0o644'])('refuses %j', async (mode) => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    const error = await observe(ftp.chmod$('/a', mode)).failed;
    expect(error).toBeInstanceOf(FtpUsageError);
    expect(String(error)).toContain('octal');
    expect(server.sessions).toHaveLength(0);
  });

  it('errors with the refusal', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    expect(await observe(ftp.chmod$('/no', 0o600)).failed).toMatchObject({ reply: { code: 550 } });
  });

  it('is used where FEAT names MFF without UNIX.mode', async () => {
    await using server = await withMff('213 UNIX.mode=0644; /a b', 'MFF modify;UNIX.modes;');
    await using ftp = clientOf(server);
    await observe(ftp.chmod$('/a b', 0o644)).settled;
    expect(afterLogin(server)).toEqual(['SITE CHMOD 644 /a b']);
  });
});

describe('chmod$ by MFF', () => {
  it.each([
    [0o644, '0644'],
    ['4755', '4755'],
    [0, '0000'],
  ])('sends %o as %s', async (mode, sent) => {
    await using server = await withMff(`213 UNIX.mode=${sent}; /a b`);
    await using ftp = clientOf(server);
    expect((await observe(ftp.chmod$('/a b', mode)).settled)[0]?.code).toBe(213);
    expect(afterLogin(server)).toEqual([`MFF UNIX.mode=${sent}; /a b`]);
  });

  it.each([550, 501, 450])('errors with its refusal by %i', async (code) => {
    await using server = await withMff(`${code} No.`);
    await using ftp = clientOf(server);
    const error = await observe(ftp.chmod$('/a b', 0o600)).failed;
    expect(error).toMatchObject({ command: 'MFF UNIX.mode=0600; /a b', reply: { code } });
    expect(server.commands.filter((line) => line.startsWith('SITE'))).toEqual([]);
  });

  it.each([
    '500 What?',
    '502 Not here.',
    "504 Cannot modify fact 'UNIX.mode'",
    '213 /a b',
    '200 Fine.',
  ])('falls back to SITE CHMOD at %j, for good', async (reply) => {
    await using server = await withMff(reply);
    await using ftp = clientOf(server);
    const events = observe(ftp.events$.pipe(filter(({ type }) => type === 'fallback')));
    for (const mode of [0o600, 0o640]) expect((await observe(ftp.chmod$('/a b', mode)).settled)[0]?.code).toBe(200);
    expect(afterLogin(server)).toEqual(['MFF UNIX.mode=0600; /a b', 'SITE CHMOD 600 /a b', 'SITE CHMOD 640 /a b']);
    expect(events.values).toMatchObject([{ what: 'MFF UNIX.mode', to: 'SITE CHMOD' }]);
    events.unsubscribe();
  });

  it('sends no second command when it was left at the first', async () => {
    await using server = await withMff('');
    server.on('MFF', (session) => {
      leaving.unsubscribe();
      return session.reply('500 What?');
    });
    await using ftp = clientOf(server);
    const leaving = observe(ftp.chmod$('/a b', 0o600));
    await server.received('MFF');
    await observe(ftp.noop$()).settled;
    expect(afterLogin(server)).toEqual(['MFF UNIX.mode=0600; /a b', 'NOOP']);
  });
});

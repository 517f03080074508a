import { describe, expect, it } from 'vitest';
import { FtpReplyError, FtpUsageError } from '../../../lib/index.js';
import { observe } from '../../support/observe.js';
import { scriptedServer } from '../../support/scripted-server.js';
import { afterLogin, clientOf } from '../support/open.js';

const files = { '/a b': 'hello' };

describe('size$', () => {
  it('asks in TYPE I, which is set once', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    expect(await observe(ftp.size$('/a b')).settled).toEqual([5]);
    expect(await observe(ftp.size$('/a b')).settled).toEqual([5]);
    expect(afterLogin(server)).toEqual(['TYPE I', 'SIZE /a b', 'SIZE /a b']);
  });

  it('errors with the refusal', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    expect(await observe(ftp.size$('/no')).failed).toMatchObject({ command: 'SIZE /no', reply: { code: 550 } });
  });

  it.each([
    '99999999999999999999',
    '9007199254740993',
    '-1',
    '1e3',
    '0x10',
    '5.5',
    '',
    'File status',
  ])('refuses the size %j (T-23)', async (size) => {
    await using server = await scriptedServer();
    server.answer('SIZE', `213 ${size}`);
    await using ftp = clientOf(server);
    expect(await observe(ftp.size$('/a')).failed).toBeInstanceOf(FtpReplyError);
    expect(await observe(ftp.noop$()).ended).toBe('complete');
  });
});

describe('mdtm$ and mfmt$', () => {
  it('read and set the time, in UTC', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    expect(await observe(ftp.mdtm$('/a b')).settled).toEqual([new Date('2024-02-03T04:05:06.000Z')]);
    const date = new Date('2001-02-03T04:05:06.789Z');
    expect((await observe(ftp.mfmt$('/a b', date)).settled)[0]?.code).toBe(213);
    expect(server.commands.at(-1)).toBe('MFMT 20010203040506 /a b');
    expect(await observe(ftp.mdtm$('/a b')).settled).toEqual([new Date('2001-02-03T04:05:06.000Z')]);
  });

  it.each(['500', '502'])('set it by MDTM where MFMT is answered by %s (vsftpd)', async (code) => {
    await using server = await scriptedServer({ files });
    server.answer('MFMT', `${code} Unknown command.`);
    server.answer('MDTM', '213 File modification time set.');
    await using ftp = clientOf(server);
    expect((await observe(ftp.mfmt$('/a b', new Date(0))).settled)[0]?.code).toBe(213);
    expect(server.commands.slice(-2)).toEqual(['MFMT 19700101000000 /a b', 'MDTM 19700101000000 /a b']);
  });

  it('set it by MDTM at once on vsftpd, whose refusal is then the error', async () => {
    await using server = await scriptedServer({ files, greeting: '220 (vsFTPd 3.0.3)' });
    server.answer('MDTM', '213 File modification time set.');
    await using ftp = clientOf(server);
    await observe(ftp.mfmt$('/a b', new Date(0))).settled;
    server.answer('MDTM', '550 Could not set file modification time.');
    expect(await observe(ftp.mfmt$('/no', new Date(0))).failed).toMatchObject({
      command: 'MDTM 19700101000000 /no',
      reply: { code: 550 },
    });
    expect(server.commands.filter((line) => line.startsWith('MFMT'))).toEqual([]);
  });

  it('send no second command when they were left at the first', async () => {
    await using server = await scriptedServer();
    server.on('MFMT', (session) => {
      leaving.unsubscribe();
      return session.reply('500 Unknown command.');
    });
    await using ftp = clientOf(server);
    const leaving = observe(ftp.mfmt$('/a', new Date(0)));
    await server.received('MFMT');
    await observe(ftp.noop$()).settled;
    expect(afterLogin(server)).toEqual(['MFMT 19700101000000 /a', 'NOOP']);
  });

  it('error with the refusal, of either command', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    expect(await observe(ftp.mfmt$('/no', new Date(0))).failed).toMatchObject({ reply: { code: 550 } });
    expect(server.commands).not.toContain('MDTM 19700101000000 /no');
    server.answer('MFMT', '502 Unknown command.');
    server.answer('MDTM', '550 No.');
    const error = await observe(ftp.mfmt$('/no', new Date(0))).failed;
    expect(error).toMatchObject({
      command: 'MFMT 19700101000000 /no',
      reply: { code: 502 },
      message: expect.stringMatching(/^MFMT .* was refused: 502 .*; MDTM .* was refused: 550 No\./),
      cause: { command: 'MDTM 19700101000000 /no', reply: { code: 550 } },
    });
    expect(await observe(ftp.mdtm$('/no')).failed).toBeInstanceOf(FtpReplyError);
  });

  it.each(['not a time', '20230229000000', '99999999999999', '2024'])('error at 213 %j (T-21)', async (text) => {
    await using server = await scriptedServer();
    server.answer('MDTM', `213 ${text}`);
    await using ftp = clientOf(server);
    expect(await observe(ftp.mdtm$('/a')).failed).toBeInstanceOf(FtpReplyError);
  });

  it('refuse what is no date with nothing sent', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    expect(await observe(ftp.mfmt$('/a', new Date(Number.NaN))).failed).toBeInstanceOf(FtpUsageError);
    expect(server.sessions).toHaveLength(0);
  });
});

describe('chmod$', () => {
  it.each([
    [0o644, '644'],
    [0o4755, '4755'],
    ['0600', '0600'],
    [0, '0'],
  ])('sends %o as %s', async (mode, sent) => {
    await using server = await scriptedServer({ files });
    server.answer('SITE', '200 Done.');
    await using ftp = clientOf(server);
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
});

/** Checks servers without optional commands: the client does without them, asks once, and can be told beforehand. */
import { lastValueFrom, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { type FtpClient, FtpError, FtpTimeoutError } from '../../lib/index.js';
import { observe } from '../support/observe.js';
import type { ScriptedServer } from '../support/scripted-server.js';
import { content, count, someClient, someServer, textOf } from './support/open.js';
import { nextOptions } from './support/row.js';

const silence = (): undefined => undefined;

/** An operation that may pay for the silence of the server: by a time-out, at most. */
async function paying(running: Promise<unknown>): Promise<void> {
  await running.catch((error: unknown) => expect(error).toBeInstanceOf(FtpTimeoutError));
}

async function hangUp(server: ScriptedServer): Promise<void> {
  const { length } = server.sessions;
  await server.sessions.at(-1)?.closeControl('fin');
  await server.event('control-closed', { where: ({ session }) => session === length });
}

/** The server is not named by its greeting: it is asked whether it reads the path, and a listing of one row is made sure of from within. */
const names = async (ftp: FtpClient): Promise<string[]> =>
  (await lastValueFrom(ftp.entries$('/sub').pipe(toArray()))).map(({ name }) => name);

describe('EPSV whose reply names no usable port', () => {
  const replies = [
    '229 Entering Extended Passive Mode (||4711|)',
    '229 Entering Extended Passive Mode',
    '229 Entering Extended Passive Mode (|||0|)',
    '229 Entering Extended Passive Mode (|||70000|)',
    '229 Entering Extended Passive Mode (|||port|)',
    '200 Passive.',
    '150 Passive soon.',
    '451 Not now.',
    '500 What?',
    '522 Use (1,2).',
  ];

  it.each(replies)('"%s" leads to PASV, remembered', async (reply) => {
    await using server = await someServer();
    server.answer('EPSV', reply);
    await using ftp = someClient(server);
    expect(await textOf(ftp, '/a')).toBe('seven..');
    await lastValueFrom(ftp.stor$('/up', 'data'));
    expect(await names(ftp)).toEqual(['c']);
    expect([server.tree.text('/up'), count(server, 'EPSV'), count(server, 'PASV')]).toEqual(['data', 1, 5]);
    expect(server.sessions).toHaveLength(1);
  });
});

describe('a command that is never answered', () => {
  it('EPSV costs one silence; PASV is used from then on, by later sessions too', async () => {
    await using server = await someServer();
    server.on('EPSV', silence);
    await using ftp = someClient(server, { replyTimeoutMs: 200 });
    await paying(textOf(ftp, '/a'));
    expect(await textOf(ftp, '/a')).toBe('seven..');
    await hangUp(server);
    expect(await textOf(ftp, '/b')).toBe('other bytes');
    expect(count(server, 'EPSV')).toBe(1);
  });

  it('FEAT costs one silence; no later session asks it', async () => {
    await using server = await someServer();
    server.on('FEAT', silence);
    await using ftp = someClient(server, { replyTimeoutMs: 200 });
    await paying(lastValueFrom(ftp.pwd$()));
    expect(await lastValueFrom(ftp.pwd$())).toBe('/');
    await hangUp(server);
    expect(await textOf(ftp, '/b')).toBe('other bytes');
    expect(count(server, 'FEAT')).toBe(1);
  });
});

describe('the option', () => {
  it("mode: 'pasv' asks no EPSV", async () => {
    await using server = await someServer();
    await using ftp = someClient(server, { mode: 'pasv' });
    expect(await textOf(ftp, '/a')).toBe('seven..');
    expect([count(server, 'EPSV'), count(server, 'PASV')]).toEqual([0, 1]);
  });

  it("mode: 'epsv' asks no PASV, also when EPSV is refused", async () => {
    await using server = await someServer();
    await using ftp = someClient(server, { mode: 'epsv' });
    expect(await textOf(ftp, '/a')).toBe('seven..');
    server.answer('EPSV', '500 What?');
    expect(await observe(ftp.retr$('/a')).failed).toBeInstanceOf(FtpError);
    expect(count(server, 'PASV')).toBe(0);
    expect(await lastValueFrom(ftp.pwd$())).toBe('/');
  });

  it('features is what the server can, and FEAT is not asked', async () => {
    await using server = await someServer();
    await using ftp = someClient(server, nextOptions({ features: ['MLST', 'UTF8'] }));
    expect(await names(ftp)).toEqual(['c']);
    expect([count(server, 'FEAT'), count(server, 'MLSD'), count(server, 'LIST')]).toEqual([0, 3, 0]);
  });

  it('features: [] leads to LIST', async () => {
    await using server = await someServer();
    await using ftp = someClient(server, nextOptions({ features: [] }));
    expect(await names(ftp)).toEqual(['c']);
    expect([count(server, 'FEAT'), count(server, 'MLSD'), count(server, 'LIST')]).toEqual([0, 0, 1]);
  });
});

describe.each(['500 What?', '502 Not implemented.', '504 Not like that.'])('a server that says "%s"', (refusal) => {
  const optional = ['EPSV', 'FEAT', 'OPTS', 'MLSD', 'MLST', 'SIZE', 'MDTM', 'PWD', 'NOOP', 'HELP', 'STAT', 'SYST'];

  it('to everything optional serves files and listings', async () => {
    await using server = await someServer();
    for (const verb of optional) server.answer(verb, refusal);
    await using ftp = someClient(server);
    await lastValueFrom(ftp.stor$('/up', 'data'));
    expect([server.tree.text('/up'), await textOf(ftp, '/a')]).toEqual(['data', content['/a']]);
    expect(await names(ftp)).toEqual(['c']);
    await lastValueFrom(ftp.cwd$('sub'));
    expect(await textOf(ftp, 'c')).toBe('deep');
    expect([server.sessions.length, count(server, 'EPSV'), count(server, 'FEAT')]).toEqual([1, 1, 1]);
  });

  it('to TYPE A lists in the type that is set', async () => {
    await using server = await someServer();
    server.on('TYPE', (session, type, command) => (type === 'A' ? session.reply(refusal) : command.byDefault()));
    server.features = server.features.filter((feature) => !feature.startsWith('MLST'));
    await using ftp = someClient(server);
    expect(await textOf(ftp, '/a')).toBe('seven..');
    expect(await names(ftp)).toEqual(['c']);
    expect(await lastValueFrom(ftp.nlst$('/sub').pipe(toArray()))).toEqual(['c']);
    expect([server.sessions.length, server.commands.filter((line) => line === 'TYPE A').length]).toEqual([1, 1]);
  });

  it('to MLSD, which FEAT has named, lists by LIST, and asks once', async () => {
    await using server = await someServer();
    server.answer('MLSD', refusal);
    await using ftp = someClient(server);
    expect(await names(ftp)).toEqual(['c']);
    expect(await names(ftp)).toEqual(['c']);
    expect([count(server, 'MLSD'), count(server, 'LIST'), server.sessions.length]).toEqual([1, 4, 1]);
  });
});

describe('MLST where FEAT has named nothing', () => {
  const start = 3;
  const resumed = (ftp: FtpClient) => lastValueFrom(ftp.stor$('/a', 'n..', { start, verify: 'size' }));

  it.each(['500 What?', '502 No.', '530 No.'])('is asked when FEAT was refused by %s', async (refusal) => {
    await using server = await someServer();
    server.answer('FEAT', refusal).answer('SIZE', '550 Could not get file size.');
    await using ftp = someClient(server);
    // The SIZE behind the upload tells nothing either.
    expect(await resumed(ftp).catch((error: FtpError) => error.command)).toBe('SIZE /a');
    expect([count(server, 'MLST'), count(server, 'STOR')]).toEqual([1, 1]);
  });

  it('is asked when FEAT was never answered', async () => {
    await using server = await someServer();
    server.on('FEAT', silence).answer('SIZE', '550 Could not get file size.');
    await using ftp = someClient(server, { replyTimeoutMs: 200 });
    expect(await resumed(ftp).catch((error: FtpError) => error.command)).toBe('SIZE /a');
    expect(count(server, 'MLST')).toBe(1);
  });

  it.each(['500 What?', '502 No.'])('is asked once where it is refused by %s', async (refusal) => {
    await using server = await someServer();
    server.answer('FEAT', refusal).answer('SIZE', '550 Could not get file size.').answer('MLST', refusal);
    await using ftp = someClient(server);
    for (const _again of [1, 2]) await expect(resumed(ftp)).rejects.toThrow('does not tell the size');
    await hangUp(server);
    await expect(resumed(ftp)).rejects.toThrow('does not tell the size');
    expect(count(server, 'MLST')).toBe(1);
  });

  it('is asked once where it is not answered', async () => {
    await using server = await someServer();
    server.answer('FEAT', '502 No.').answer('SIZE', '550 Could not get file size.').on('MLST', silence);
    await using ftp = someClient(server, { replyTimeoutMs: 200 });
    await paying(resumed(ftp));
    await expect(resumed(ftp)).rejects.toThrow('does not tell the size');
    expect(count(server, 'MLST')).toBe(1);
  });

  it('is not asked when FEAT names other features, or the option does', async () => {
    await using server = await someServer();
    server.features = ['SIZE'];
    server.answer('SIZE', '550 Could not get file size.');
    await using ftp = someClient(server);
    await expect(resumed(ftp)).rejects.toThrow('does not tell the size');
    await using told = someClient(server, { features: [] });
    await expect(resumed(told)).rejects.toThrow('does not tell the size');
    expect(count(server, 'MLST')).toBe(0);
  });
});

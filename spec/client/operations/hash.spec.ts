import { createHash } from 'node:crypto';
import { firstValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  connect$,
  FtpClient,
  FtpProtocolError,
  FtpReplyError,
  FtpUnsupportedError,
  FtpUsageError,
  type HashOptions,
} from '../../../lib/index.js';
import { openChecksum } from '../../../lib/streams/checksum.js';
import { testServer } from '../../../lib/testing/index.js';
import { observe } from '../../support/observe.js';
import { type ScriptedServer, type ScriptedServerOptions, scriptedServer } from '../../support/scripted-server.js';
import { afterLogin, clientOf } from '../support/open.js';

const content = '0123456789abcdef';
const files = { '/a': content, '/a b': content, '/a"b': content, '/empty': '' };

function checksumOf(algorithm: string, text: string = content): string {
  const checksum = openChecksum(algorithm);
  checksum.update(Buffer.from(text));
  return checksum.hex();
}

const part = (start: number, end: number): string => content.slice(start, end);

/** A server with these features, whose OPTS HASH and RANG are granted. */
async function hashServer(features: readonly string[], options: ScriptedServerOptions = {}): Promise<ScriptedServer> {
  const server = await scriptedServer({ files, ...options });
  server.features = [...server.features, ...features];
  server.on('OPTS', (session, argument, { byDefault }) =>
    argument.startsWith('HASH') ? session.reply(`200 ${argument.slice(5)}`) : byDefault(),
  );
  return server.answer('RANG', '350 Range.');
}

const hashed = (ftp: FtpClient, options?: HashOptions, path = '/a'): Promise<unknown> =>
  observe(ftp.hash$(path, options)).settled.then(([value, ...more]) => {
    expect(more).toEqual([]);
    return value;
  });
const failed = (ftp: FtpClient, options?: HashOptions, path = '/a'): Promise<unknown> =>
  observe(ftp.hash$(path, options)).failed;

describe('hash$ by HASH', () => {
  it('sets the strongest algorithm once for a session', async () => {
    await using server = await hashServer(['HASH SHA-1*;SHA-256;MD5']);
    server.answer('HASH', `213 SHA-256 0-15 ${checksumOf('SHA-256')} /a`);
    await using ftp = clientOf(server);
    const expected = { algorithm: 'SHA-256', value: checksumOf('SHA-256') };
    expect(await hashed(ftp)).toEqual(expected);
    expect(await hashed(ftp, { algorithm: 'sha256' })).toEqual(expected);
    expect(afterLogin(server)).toEqual(['TYPE I', 'OPTS HASH SHA-256', 'HASH /a', 'SIZE /a', 'HASH /a', 'SIZE /a']);
  });

  it.each<[string, string, string]>([
    ['of several lines (ProFTPD)', 'SHA-1', `213-Computing SHA-1 digest\r\n213 SHA-1 0-16 ${checksumOf('SHA-1')} /a`],
    ['in upper case', 'SHA-1', `213 SHA-1 0-15 ${checksumOf('SHA-1').toUpperCase()} /a`],
    ['with another spelling', 'SHA-1', `213 sha1 0-15 ${checksumOf('SHA-1')} /a`],
    ['of CRC-32, which ProFTPD calls CRC32', 'CRC-32', `213 CRC32 0-16 ${checksumOf('CRC-32')} /a`],
    ['with the code 250', 'MD5', `250 MD5 0-15 ${checksumOf('MD5')} /a`],
    ['without a range', 'MD5', `213 MD5 ${checksumOf('MD5')} /a`],
  ])('takes a reply %s', async (_how, algorithm, reply) => {
    await using server = await hashServer(['HASH SHA-1*;MD5;CRC32']);
    server.answer('HASH', reply);
    await using ftp = clientOf(server);
    expect(await hashed(ftp, { algorithm })).toEqual({ algorithm, value: checksumOf(algorithm) });
    // FEAT has marked SHA-1: it is set already.
    const option = algorithm === 'CRC-32' ? 'CRC32' : algorithm;
    expect(server.commands.filter((line) => line.startsWith('OPTS HASH'))).toEqual(
      algorithm === 'SHA-1' ? [] : [`OPTS HASH ${option}`],
    );
  });

  it('takes an unusual code when a fence has shown that it is the answer', async () => {
    await using server = await hashServer(['HASH SHA-1*']);
    server.answer('HASH', `299 SHA-1 0-15 ${checksumOf('SHA-1')} /a`);
    await using ftp = clientOf(server);
    expect(await hashed(ftp)).toEqual({ algorithm: 'SHA-1', value: checksumOf('SHA-1') });
  });

  it('asks in TYPE I, whatever the user has set', async () => {
    await using server = await hashServer(['HASH SHA-1*']);
    server.answer('HASH', `213 SHA-1 0-15 ${checksumOf('SHA-1')} /a`);
    await using ftp = clientOf(server);
    await observe(ftp.type$('A')).settled;
    await hashed(ftp);
    expect(afterLogin(server)).toEqual(['TYPE A', 'TYPE I', 'HASH /a', 'SIZE /a']);
  });

  it('sets again what the user has set', async () => {
    await using server = await hashServer(['HASH SHA-1*;MD5']);
    server.answer('HASH', `213 SHA-1 0-15 ${checksumOf('SHA-1')} /a`);
    await using ftp = clientOf(server);
    await observe(ftp.opts$('HASH', 'MD5')).settled;
    await hashed(ftp);
    expect(afterLogin(server)).toEqual([
      'OPTS HASH MD5',
      'TYPE I',
      'OPTS HASH SHA-1',
      'HASH /a',
      'SIZE /a',
      'OPTS HASH MD5',
    ]);
  });

  it.each<[string, string]>([
    ['of another algorithm', `213 MD5 0-15 ${checksumOf('MD5')} /a`],
    ['with too few digits', `213 SHA-1 0-15 ${checksumOf('MD5')} /a`],
    ['with other characters', `213 SHA-1 0-15 ${'g'.repeat(40)} /a`],
    ['of the front of the file', `213 SHA-1 0-7 ${checksumOf('SHA-1', part(0, 8))} /a`],
    ['of a part of the file', `213 SHA-1 5-15 ${checksumOf('SHA-1', part(5, 16))} /a`],
    ['without a value', '213 Done.'],
    ['that asks for more', '350 Go on.'],
  ])('takes no reply %s, and asks XSHA1', async (_what, reply) => {
    await using server = await hashServer(['HASH SHA-1*', 'XSHA1']);
    server.answer('HASH', reply).answer('XSHA1', `250 ${checksumOf('SHA-1')}`);
    await using ftp = clientOf(server);
    expect(await hashed(ftp)).toEqual({ algorithm: 'SHA-1', value: checksumOf('SHA-1') });
    server.answer('XSHA1', '500 What?');
    expect(await failed(ftp)).toBeInstanceOf(FtpReplyError);
    expect(await observe(ftp.noop$()).ended).toBe('complete');
  });

  it('goes on with a weaker algorithm when OPTS is refused', async () => {
    await using server = await hashServer(['HASH SHA-512;SHA-1*']);
    server.on('OPTS', (session, argument, { byDefault }) =>
      argument.startsWith('HASH') ? session.reply('501 No.') : byDefault(),
    );
    server.answer('HASH', `213 SHA-1 0-15 ${checksumOf('SHA-1')} /a`);
    await using ftp = clientOf(server);
    expect(await hashed(ftp)).toMatchObject({ algorithm: 'SHA-1' });
    expect(await failed(ftp, { algorithm: 'SHA-512' })).toMatchObject({ command: 'OPTS HASH', reply: { code: 501 } });
  });

  it.each(['550 No such file.', '450 Busy.', '553 Not a regular file.'])('ends with %j', async (refusal) => {
    await using server = await hashServer(['HASH SHA-1*', 'XSHA1', 'XMD5']);
    server.answer('HASH', refusal);
    await using ftp = clientOf(server);
    expect(await failed(ftp)).toMatchObject({ command: 'HASH /a', reply: { code: Number(refusal.slice(0, 3)) } });
    expect(server.commands.at(-1)).toBe('HASH /a');
  });
});

describe('hash$ by the other commands', () => {
  it.each<[string, string]>([
    ['XSHA512', 'SHA-512'],
    ['XSHA256', 'SHA-256'],
    ['XSHA1', 'SHA-1'],
    ['XSHA', 'SHA-1'],
    ['XMD5', 'MD5'],
    ['MD5', 'MD5'],
    ['XCRC', 'CRC-32'],
  ])('%s tells the %s of a file', async (verb, algorithm) => {
    await using server = await hashServer([verb]);
    const code = verb === 'MD5' ? '251 /a' : '250';
    server.answer(verb, `${code} ${checksumOf(algorithm).toUpperCase()}`);
    await using ftp = clientOf(server);
    expect(await hashed(ftp)).toEqual({ algorithm, value: checksumOf(algorithm) });
    expect(await hashed(ftp, { algorithm })).toEqual({ algorithm, value: checksumOf(algorithm) });
    expect(afterLogin(server)).toEqual(['TYPE I', `${verb} /a`, `${verb} /a`]);
    server.answer(verb, `${code} ${checksumOf(algorithm).slice(1)}`);
    expect(await failed(ftp)).toMatchObject({ name: 'FtpReplyError', reply: { class: 2 } });
    server.answer(verb, '550 No such file.');
    expect(await failed(ftp)).toMatchObject({ command: `${verb} /a`, reply: { code: 550 } });
  });

  it('does not ask again for a command that the server does not know', async () => {
    await using server = await hashServer(['XSHA256', 'XMD5']);
    server.answer('XSHA256', '502 What?').answer('XMD5', `250 ${checksumOf('MD5')}`);
    await using ftp = clientOf(server);
    const fallbacks = observe(ftp.events$);
    expect(await hashed(ftp)).toMatchObject({ algorithm: 'MD5' });
    expect(await hashed(ftp)).toMatchObject({ algorithm: 'MD5' });
    expect(afterLogin(server)).toEqual(['TYPE I', 'XSHA256 /a', 'XMD5 /a', 'XMD5 /a']);
    expect(await failed(ftp, { algorithm: 'SHA-256' })).toBeInstanceOf(FtpUnsupportedError);
    expect(fallbacks.values.filter(({ type }) => type === 'fallback')).toMatchObject([{ what: 'XSHA256' }]);
    fallbacks.unsubscribe();
  });

  it('puts a name with a blank in quotation marks, and sends none that is read in another way', async () => {
    await using server = await hashServer(['XSHA256', 'MD5']);
    server.answer('XSHA256', `250 ${checksumOf('SHA-256')}`).answer('MD5', `251 /a"b ${checksumOf('MD5')}`);
    await using ftp = clientOf(server);
    expect(await hashed(ftp, {}, '/a b')).toMatchObject({ algorithm: 'SHA-256' });
    expect(await hashed(ftp, {}, '/a"b')).toMatchObject({ algorithm: 'MD5' });
    expect(await failed(ftp, { algorithm: 'SHA-256' }, '/a"b')).toBeInstanceOf(FtpUnsupportedError);
    expect(afterLogin(server)).toEqual(['TYPE I', 'XSHA256 "/a b"', 'MD5 /a"b']);
  });
});

describe('hash$ of a part of a file', () => {
  it('is RANG and HASH, and RANG is taken back', async () => {
    await using server = await hashServer(['HASH SHA-256*', 'RANG STREAM']);
    server.answer('HASH', `213 SHA-256 2-4 ${checksumOf('SHA-256', part(2, 5))} /a`);
    await using ftp = clientOf(server);
    expect(await hashed(ftp, { start: 2, end: 5 })).toEqual({
      algorithm: 'SHA-256',
      value: checksumOf('SHA-256', part(2, 5)),
      start: 2,
      end: 5,
    });
    expect(afterLogin(server)).toEqual(['TYPE I', 'RANG 2 4', 'HASH /a', 'RANG 1 0']);
  });

  it('asks SIZE of a part from the front: ProFTPD calls a whole file of 16 bytes 0-16', async () => {
    await using server = await hashServer(['HASH SHA-256*', 'RANG STREAM']);
    server.answer('HASH', `213 SHA-256 0-16 ${checksumOf('SHA-256')} /a`);
    await using ftp = clientOf(server);
    expect(await failed(ftp, { end: 17 })).toMatchObject({
      name: 'FtpUsageError',
      message: expect.stringMatching(/16 bytes/),
    });
    server.answer('HASH', `213 SHA-256 0-3 ${checksumOf('SHA-256', part(0, 4))} /a`);
    expect(await hashed(ftp, { end: 4 })).toMatchObject({ value: checksumOf('SHA-256', part(0, 4)), start: 0, end: 4 });
    server.answer('SIZE', '502 What?');
    expect(await failed(ftp, { end: 4 })).toBeInstanceOf(FtpReplyError);
  });

  it('asks SIZE for an end that is not given', async () => {
    await using server = await hashServer(['HASH SHA-256*', 'RANG STREAM']);
    server.answer('HASH', `213 SHA-256 2-15 ${checksumOf('SHA-256', part(2, 16))} /a`);
    await using ftp = clientOf(server);
    expect(await hashed(ftp, { start: 2 })).toMatchObject({ start: 2, end: 16 });
    expect(await failed(ftp, { start: 16 })).toBeInstanceOf(FtpUsageError);
    server.answer('SIZE', '550 No.');
    expect(await failed(ftp, { start: 2 })).toMatchObject({ command: 'SIZE /a', reply: { code: 550 } });
    server.answer('SIZE', '502 What?');
    expect(await failed(ftp, { start: 2 })).toBeInstanceOf(FtpUnsupportedError);
    expect(server.commands.filter((line) => line.startsWith('HASH'))).toHaveLength(1);
  });

  it('is of the next command when HASH ignores RANG (ProFTPD), and HASH is not asked again', async () => {
    await using server = await hashServer(['HASH SHA-256*', 'RANG STREAM', 'XSHA256']);
    server.answer('HASH', `213 SHA-256 0-16 ${checksumOf('SHA-256')} /a`);
    server.answer('XSHA256', `250 ${checksumOf('SHA-256', part(2, 5))}`);
    await using ftp = clientOf(server);
    const expected = { algorithm: 'SHA-256', value: checksumOf('SHA-256', part(2, 5)), start: 2, end: 5 };
    expect(await hashed(ftp, { start: 2, end: 5 })).toEqual(expected);
    expect(await hashed(ftp, { start: 2, end: 5 })).toEqual(expected);
    expect(afterLogin(server)).toEqual([
      'TYPE I',
      'RANG 2 4',
      'HASH /a',
      'RANG 1 0',
      'SIZE /a',
      'XSHA256 /a 2 5',
      'SIZE /a',
      'XSHA256 /a 2 5',
    ]);
  });

  it('is an error when the command that takes a range ignores it too', async () => {
    await using server = await hashServer(['HASH SHA-256*', 'RANG STREAM', 'XSHA256', 'XCRC']);
    server.answer('HASH', `213 SHA-256 0-16 ${checksumOf('SHA-256')} /a`);
    server.answer('XSHA256', `250 ${checksumOf('SHA-256')}`).answer('XCRC', `250 ${checksumOf('CRC-32')}`);
    await using ftp = clientOf(server);
    expect(await failed(ftp, { start: 2, end: 5 })).toMatchObject({
      name: 'FtpReplyError',
      command: 'XCRC /a 2 5',
      message: expect.stringContaining('ignores the range'),
    });
    expect(afterLogin(server).slice(-2)).toEqual(['XCRC /a 2 5', 'XCRC /a 1 2']);
  });

  it.each<[string, (start: number, end: number) => string]>([
    ['counts the last byte in', (start, end) => part(start, end + 1)],
    ['takes a length for an end', (start, length) => part(start, start + length)],
    ['counts from 1', (start, end) => part(start - 1, end)],
    ['ignores the range', () => content],
  ])('is an error on a server that %s', async (_how, partOf) => {
    await using server = await hashServer(['XSHA256']);
    server.on('XSHA256', (session, argument) => {
      const [, start = 0, end = 16] = argument.split(' ').map(Number);
      return session.reply(`250 ${checksumOf('SHA-256', partOf(start, end))}`);
    });
    await using ftp = clientOf(server);
    for (const range of [
      { start: 2, end: 5 },
      { start: 1, end: 2 },
      { start: 0, end: 1 },
    ]) {
      expect(await failed(ftp, { ...range, algorithm: 'SHA-256' })).toMatchObject({
        name: 'FtpReplyError',
        command: `XSHA256 /a ${range.start} ${range.end}`,
        message: expect.stringContaining('is not of one byte'),
      });
    }
  });

  it('takes the range of the next command where HASH names none', async () => {
    await using server = await hashServer(['HASH SHA-256*', 'RANG STREAM', 'XSHA256']);
    server.answer('HASH', `213 SHA-256 ${checksumOf('SHA-256', part(2, 5))} /a`);
    server.on('XSHA256', (session, argument) => {
      const [, start = 0, end = 16] = argument.split(' ').map(Number);
      return session.reply(`250 ${checksumOf('SHA-256', part(start, end))}`);
    });
    await using ftp = clientOf(server);
    expect(await hashed(ftp, { start: 2, end: 5 })).toMatchObject({ value: checksumOf('SHA-256', part(2, 5)) });
  });

  it('is the whole file when it has all of its bytes', async () => {
    await using server = await hashServer(['XSHA256']);
    server.answer('XSHA256', `250 ${checksumOf('SHA-256')}`);
    await using ftp = clientOf(server);
    expect(await hashed(ftp, { end: 16 })).toMatchObject({ value: checksumOf('SHA-256'), start: 0, end: 16 });
    expect(await failed(ftp, { end: 17 })).toBeInstanceOf(FtpUsageError);
    expect(afterLogin(server)).toEqual(['TYPE I', 'SIZE /a', 'XSHA256 /a', 'SIZE /a']);
  });

  it('asks for the second byte, to see that the range is read as it is meant', async () => {
    await using server = await hashServer(['XSHA256']);
    server.on('XSHA256', (session, argument) => {
      const [, start = 0, end = 16] = argument.split(' ').map(Number);
      return session.reply(`250 ${checksumOf('SHA-256', part(start, end))}`);
    });
    await using ftp = clientOf(server);
    expect(await hashed(ftp, { end: 1 })).toMatchObject({ value: checksumOf('SHA-256', part(0, 1)) });
    expect(afterLogin(server)).toEqual(['TYPE I', 'SIZE /a', 'XSHA256 /a 0 1', 'XSHA256 /a 1 2']);
  });

  it.each([
    '551 Not in ASCII.',
    '501 Not that range.',
    '502 What?',
  ])('is of the next command at %j to RANG', async (no) => {
    await using server = await hashServer(['HASH SHA-256*', 'RANG STREAM', 'XSHA256']);
    server.answer('RANG', no);
    server.on('XSHA256', (session, argument) =>
      session.reply(`250 ${checksumOf('SHA-256', argument.endsWith('2 5') ? part(2, 5) : part(0, 1))}`),
    );
    await using ftp = clientOf(server);
    expect(await hashed(ftp, { start: 2, end: 5 })).toMatchObject({ value: checksumOf('SHA-256', part(2, 5)) });
    expect(server.commands.some((line) => line.startsWith('HASH'))).toBe(false);
  });

  it('ends with a refusal of RANG for now', async () => {
    await using server = await hashServer(['HASH SHA-256*', 'RANG STREAM', 'XSHA256']);
    server.answer('RANG', '450 Busy.');
    await using ftp = clientOf(server);
    expect(await failed(ftp, { start: 2, end: 5 })).toMatchObject({ command: 'RANG 2 4', transient: true });
  });

  it('takes an unusual code for RANG taken back', async () => {
    await using server = await hashServer(['HASH SHA-256*', 'RANG STREAM']);
    server.on('RANG', (session, argument) => session.reply(argument === '1 0' ? '399 No range.' : '350 Range.'));
    server.answer('HASH', `213 SHA-256 2-4 ${checksumOf('SHA-256', part(2, 5))} /a`);
    await using ftp = clientOf(server);
    expect(await hashed(ftp, { start: 2, end: 5 })).toMatchObject({ start: 2, end: 5 });
    await observe(ftp.noop$()).settled;
    expect(server.sessions).toHaveLength(1);
  });

  it('closes a session on which RANG is not taken back', async () => {
    await using server = await hashServer(['HASH SHA-256*', 'RANG STREAM']);
    server.on('RANG', (session, argument) => session.reply(argument === '1 0' ? '501 No.' : '350 Range.'));
    server.answer('HASH', `213 SHA-256 2-4 ${checksumOf('SHA-256', part(2, 5))} /a`);
    await using ftp = clientOf(server);
    await observe(ftp.hash$('/a', { start: 2, end: 5 })).ended;
    await server.event('control-closed');
    expect(await observe(ftp.size$('/a')).settled).toEqual([16]);
    expect(server.sessions).toHaveLength(2);
  });

  it('lets an odd reply to RANG go on, and decides at the end', async () => {
    await using server = await hashServer(['HASH SHA-256*', 'RANG STREAM']);
    server.on('RANG', (session, argument) => session.reply(argument === '1 0' ? '350 No range.' : '250 Range.'));
    server.answer('HASH', `213 SHA-256 2-4 ${checksumOf('SHA-256', part(2, 5))} /a`);
    await using ftp = clientOf(server);
    expect(await hashed(ftp, { start: 2, end: 5 })).toMatchObject({ start: 2, end: 5 });
    const sent = afterLogin(server);
    expect(sent.slice(0, 5)).toEqual(['TYPE I', 'RANG 2 4', 'HASH /a', 'NOOP', 'PWD']);
  });

  it('leaves no range behind a user who leaves between RANG and HASH', async () => {
    await using server = await hashServer(['HASH SHA-256*', 'RANG STREAM']);
    server.once('RANG', (session) => {
      leaving.unsubscribe();
      return session.reply('350 Range.');
    });
    await using ftp = clientOf(server);
    const leaving = observe(ftp.hash$('/a', { start: 2, end: 5 }));
    expect(await leaving.ended).toBe('unsubscribed');
    await observe(ftp.noop$()).settled;
    expect(afterLogin(server)).toEqual(['TYPE I', 'RANG 2 4', 'RANG 1 0', 'NOOP']);
  });
});

describe('hash$ without a way', () => {
  it.each<[string, readonly string[], HashOptions]>([
    ['no such feature', [], {}],
    ['no such algorithm', ['HASH SHA-1*', 'XMD5'], { algorithm: 'SHA-256' }],
    ['no range', ['HASH SHA-1*', 'MD5'], { start: 1, end: 2 }],
    ['no range, and no end', ['MD5'], { start: 1 }],
  ])('sends nothing: %s', async (_why, features, options) => {
    await using server = await hashServer(features);
    await using ftp = clientOf(server);
    const error = await failed(ftp, options);
    expect(error).toBeInstanceOf(FtpUnsupportedError);
    expect(error).toBeInstanceOf(FtpUsageError);
    expect(error).toMatchObject({ code: 'ERR_FTP_USAGE', outcome: 'none', transient: false });
    expect(afterLogin(server)).toEqual([]);
  });

  it('goes by the option features, and FEAT is not asked', async () => {
    await using server = await hashServer([]);
    server.answer('XMD5', `250 ${checksumOf('MD5')}`);
    await using ftp = clientOf(server, { features: ['XMD5'] });
    expect(await hashed(ftp)).toMatchObject({ algorithm: 'MD5' });
    expect(server.commands).not.toContain('FEAT');
  });

  it.each<[string, string, unknown]>([
    ['an algorithm that nobody knows', '/a', { algorithm: 'rot13' }],
    ['an algorithm that is no text', '/a', { algorithm: 5 }],
    ['a negative start', '/a', { start: -1 }],
    ['a fraction', '/a', { end: 1.5 }],
    ['NaN', '/a', { start: Number.NaN }],
    ['an end at the start', '/a', { start: 3, end: 3 }],
    ['an end at the beginning', '/a', { end: 0 }],
    ['an unknown option', '/a', { algo: 'MD5' }],
    ['no options', '/a', null],
    ['a signal that is none', '/a', { signal: 5 }],
    ['a line end in the name', '/a\r\nDELE /a', {}],
  ])('refuses %s before anything is sent', async (_what, path, options) => {
    await using server = await hashServer(['XMD5']);
    await using ftp = clientOf(server);
    expect(await failed(ftp, options as HashOptions, path as string)).toBeInstanceOf(FtpUsageError);
    expect(server.sessions).toHaveLength(0);
  });

  it('errors with the reason of its signal', async () => {
    await using server = await hashServer(['XMD5']);
    server.answer('XMD5');
    await using ftp = clientOf(server, { abortTimeoutMs: 50 });
    const aborting = new AbortController();
    const hashing = observe(ftp.hash$('/a', { signal: aborting.signal }));
    await server.received('XMD5');
    aborting.abort('enough');
    expect(await hashing.failed).toBe('enough');
  });

  it('is told of an odd reply that came beside the answer', async () => {
    await using server = await hashServer(['XMD5']);
    server.answer('XMD5', '299 What?', `250 ${checksumOf('MD5')}`);
    await using ftp = clientOf(server);
    expect(await hashed(ftp)).toMatchObject({ value: checksumOf('MD5') });
    server.answer('XMD5', '299 What?', '298 What?', `250 ${checksumOf('MD5')}`);
    expect(await failed(ftp)).toBeInstanceOf(FtpProtocolError);
    expect(await observe(ftp.noop$()).ended).toBe('complete');
  });
});

describe('hash$ on the server of rxftp/testing', () => {
  it.each(['SHA-512', 'SHA-256', 'SHA-1', 'MD5'])("is digest's, also of a part: %s", async (algorithm) => {
    await using server = await testServer({ files });
    await using ftp = new FtpClient(server.options);
    expect(await hashed(ftp, { algorithm })).toEqual({ algorithm, value: checksumOf(algorithm) });
    expect(await hashed(ftp, { algorithm }, '/empty')).toEqual({ algorithm, value: checksumOf(algorithm, '') });
    expect(await hashed(ftp, { algorithm, start: 3, end: 9 })).toMatchObject({
      value: checksumOf(algorithm, part(3, 9)),
    });
    expect(await hashed(ftp, { algorithm, start: 3 })).toMatchObject({
      value: checksumOf(algorithm, part(3, 16)),
      end: 16,
    });
    // The end of a range that is cut there is no sign that ranges are ignored.
    for (const range of [{ end: 17 }, { start: 3, end: 17 }]) {
      expect(await failed(ftp, { algorithm, ...range })).toBeInstanceOf(FtpUsageError);
    }
    expect(await hashed(ftp, { algorithm, end: 4 })).toMatchObject({ value: checksumOf(algorithm, part(0, 4)) });
    expect(await failed(ftp, {}, '/no')).toMatchObject({ reply: { code: 550 } });
    expect(await observe(ftp.retr$('/a')).settled).toEqual([Buffer.from(content)]);
  });

  it('is there on a session too', async () => {
    await using server = await testServer({ files });
    const value = createHash('sha512').update(content).digest('hex');
    const session$ = connect$(server.options);
    const session = observe(session$);
    const ftp = await session.nth(1);
    expect(await firstValueFrom(ftp.hash$('/a'))).toEqual({ algorithm: 'SHA-512', value });
    session.unsubscribe();
  });
});

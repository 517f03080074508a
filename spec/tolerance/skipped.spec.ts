/** Lines that answer nothing: they are dropped and told, wherever they come, up to a limit. */
import { lastValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { FtpProtocolError } from '../../lib/index.js';
import { observe } from '../support/observe.js';
import { changingReplies, content, skippedBy, someClient, someServer, textOf, useEverything } from './support/open.js';

type Lines = readonly string[];

const noise: readonly [string, (lines: Lines) => Lines][] = [
  ['an empty line after each reply', (lines) => [...lines, '']],
  ['an empty line before each reply', (lines) => ['', ...lines]],
  ['three empty lines around each reply', (lines) => ['', '', '', ...lines, '', '', '']],
  ['a blank line of spaces after each reply', (lines) => [...lines, '   ']],
  ['a line of text before each reply', (lines) => ['Debug: entering the handler.', ...lines]],
  ['a line of text after each reply', (lines) => [...lines, 'Debug: leaving the handler.']],
  ['lines that look like data around each reply', (lines) => ['-rw-r--r-- 1 a b 3 Jan 1 2024 x', ...lines, '12 34']],
];

describe('a server that sends', () => {
  it.each(noise)('%s serves everything on one connection', async (_name, change) => {
    await using server = await someServer(changingReplies(change));
    await using ftp = someClient(server);
    expect(await useEverything(ftp)).toEqual([]);
    expect(server.sessions).toHaveLength(1);
  });

  it.each([
    '200 Stray.',
    '226 Stray.',
    '257 Stray.',
    '350 Stray.',
    '150 Stray.',
    '550 Stray.',
  ])('"%s" behind each reply, in its packet, serves everything on one connection', async (stray) => {
    const final = (lines: Lines): boolean => !/^1/.test(lines[0] ?? '');
    await using server = await someServer(changingReplies((lines) => (final(lines) ? [...lines, stray] : lines)));
    await using ftp = someClient(server);
    expect(await useEverything(ftp)).toEqual([]);
    expect(server.sessions).toHaveLength(1);
  });
});

describe('what is dropped', () => {
  it('is told: a surplus reply with its code, a line as it is', async () => {
    await using server = await someServer();
    server.once('DELE', (session) => session.reply('', 'Debug.', '250 Deleted.', '250 Deleted.', '226 Closed.', ''));
    await using ftp = someClient(server);
    await lastValueFrom(ftp.pwd$());
    const skipped = skippedBy(ftp);
    await lastValueFrom(ftp.dele$('/x'));
    expect(await lastValueFrom(ftp.size$('/b'))).toBe(content['/b'].length);
    expect(skipped).toEqual(['', 'Debug.', 250, 226, '']);
  });

  it('is not told where nothing is odd', async () => {
    await using server = await someServer();
    await using ftp = someClient(server);
    const skipped = skippedBy(ftp);
    expect(await useEverything(ftp)).toEqual([]);
    expect([skipped, server.sessions.length]).toEqual([[], 1]);
  });

  it('while nothing is asked does not disturb the next operation', async () => {
    await using server = await someServer();
    await using ftp = someClient(server);
    await lastValueFrom(ftp.size$('/b'));
    const skipped = skippedBy(ftp);
    await server.sessions[0]?.reply('213 99', '257 "/evil"', '250 Stray.', '');
    await expect.poll(() => skipped).toEqual([213, 257, 250, '']);
    expect(await lastValueFrom(ftp.size$('/a'))).toBe(content['/a'].length);
    expect(await lastValueFrom(ftp.pwd$())).toBe('/');
    expect(server.sessions).toHaveLength(1);
  });
});

describe('the limit', () => {
  const lines = (count: number, line: string): string[] => Array.from({ length: count }, () => line);
  const within: readonly [string, Lines][] = [
    ['90 empty lines', lines(90, '')],
    ['90 lines of text', lines(90, 'Debug.')],
    ['60 lines of 1,000 bytes', lines(60, 'x'.repeat(1000))],
  ];
  const beyond: readonly [string, Lines][] = [
    ['110 empty lines', lines(110, '')],
    ['110 lines of text', lines(110, 'Debug.')],
    ['70 lines of 1,000 bytes', lines(70, 'x'.repeat(1000))],
  ];

  it.each(within)('is not reached by %s between two answers, again and again', async (_name, noise) => {
    await using server = await someServer();
    server.on('MDTM', (session) => session.reply(...noise, '213 20240203040506'));
    await using ftp = someClient(server);
    for (let time = 0; time < 3; time += 1) await lastValueFrom(ftp.mdtm$('/a'));
    expect(server.sessions).toHaveLength(1);
  });

  it.each(beyond)('is passed by %s: FtpProtocolError, and another connection', async (_name, noise) => {
    await using server = await someServer();
    server.once('MDTM', (session) => session.reply(...noise, '213 20240203040506'));
    await using ftp = someClient(server);
    await lastValueFrom(ftp.pwd$());
    expect(await observe(ftp.mdtm$('/a')).failed).toBeInstanceOf(FtpProtocolError);
    expect(await textOf(ftp, '/a')).toBe('seven..');
    expect(server.sessions).toHaveLength(2);
  });

  it.each([17_000, 60_000])('of a line is not reached by %i bytes', async (length) => {
    const long = 'x'.repeat(length);
    await using server = await someServer({ greeting: `220-${long}\r\n220 Some server` });
    server.answer('HELP', `214-Help\r\n ${long}\r\n214 ${long}`).answer('STAT', `211 ${long}`);
    await using ftp = someClient(server);
    expect((await lastValueFrom(ftp.help$())).lines.map((line) => line.length)).toContain(length);
    expect((await lastValueFrom(ftp.stat$())).text).toBe(long);
    expect(server.sessions).toHaveLength(1);
  });

  it('of a line is passed by 70,000 bytes: FtpProtocolError', async () => {
    await using server = await someServer();
    server.answer('STAT', `211 ${'x'.repeat(70_000)}`);
    await using ftp = someClient(server);
    expect(await observe(ftp.stat$()).failed).toBeInstanceOf(FtpProtocolError);
    expect(await lastValueFrom(ftp.pwd$())).toBe('/');
  });
});

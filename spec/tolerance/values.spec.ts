/** Kinds of faults that other clients were met with: values that are none, and the form of a reply. */
import { lastValueFrom, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { type FtpClient, FtpError, FtpReplyError } from '../../lib/index.js';
import { observe } from '../support/observe.js';
import { changingReplies, expectInStep, someClient, someServer, textOf, useEverything } from './support/open.js';

describe('a value that is none', () => {
  type Ask = (ftp: FtpClient) => Observable<unknown>;
  const odd: readonly (readonly [string, Ask, readonly string[]])[] = [
    ['SIZE', (ftp) => ftp.size$('/a'), ['250 Fine.', '213 unknown', '213 -1', '213', '200 7', '350 7?', '150 7']],
    ['MDTM', (ftp) => ftp.mdtm$('/a'), ['250 Fine.', '213 yesterday', '213 20241399000000', '213', '331 When?']],
    ['PWD', (ftp) => ftp.pwd$(), ['250 Fine.', '257 Here.', '257', '226 Closed.', '314 Where?', '125 Wait.']],
  ];
  const asked = odd.flatMap(([verb, run, replies]) => replies.map((reply) => [verb, reply, run] as const));

  it.each(asked)('%s "%s" is an error or the value named, and the session goes on', async (verb, reply, run) => {
    await using server = await someServer();
    server.once(verb, (session) => session.reply(reply));
    await using ftp = someClient(server);
    const outcome = await lastValueFrom(run(ftp)).catch((error: unknown) => error);
    if (reply === '200 7') expect(outcome).toBe(7);
    else expect(outcome).toBeInstanceOf(FtpError);
    await expectInStep(ftp);
    expect(server.sessions).toHaveLength(1);
  });

  it('SIZE does not hinder a download', async () => {
    await using server = await someServer();
    server.answer('SIZE', '250 Fine.');
    await using ftp = someClient(server);
    expect(await observe(ftp.size$('/a')).failed).toBeInstanceOf(FtpReplyError);
    expect(await textOf(ftp, '/a')).toBe('seven..');
    expect(server.sessions).toHaveLength(1);
  });

  it.each([
    '200 Made.',
    '250 Made.',
    '226 Made.',
    '257 Made.',
  ])('MKD "%s" is the path as it was given', async (reply) => {
    await using server = await someServer();
    server.answer('MKD', reply);
    await using ftp = someClient(server);
    expect(await lastValueFrom(ftp.mkd$('/made'))).toBe('/made');
    await expectInStep(ftp);
  });
});

describe('the form of a reply', () => {
  const withoutText = (line: string): string =>
    /^(220|[24]50|200|331|230|350|226|150) /.test(line) && !line.includes('\n') ? line.slice(0, 3) : line;

  it.each<[string, (line: string) => string]>([
    ['a code without text', withoutText],
    ['a code and a blank', (line) => (withoutText(line) === line ? line : `${line.slice(0, 3)} `)],
    ['several blanks behind the code', (line) => line.replace(/^(2[02][06]|250|350) /, '$1    ')],
  ])('%s is read as ever', async (_name, change) => {
    await using server = await someServer(changingReplies((lines) => lines.map(change)));
    await using ftp = someClient(server);
    expect(await useEverything(ftp)).toEqual([]);
    expect(server.sessions).toHaveLength(1);
  });

  it.each(['228', '250'])('an address under the code %s is where PASV leads', async (code) => {
    await using server = await someServer();
    server.on('PASV', async (session) => {
      const port = await session.listen('127.0.0.1');
      await session.reply(`${code} Go to (127,0,0,1,${port >> 8},${port & 0xff}).`);
    });
    await using ftp = someClient(server, { mode: 'pasv' });
    for (let time = 0; time < 2; time += 1) expect(await textOf(ftp, '/a')).toBe('seven..');
    await expectInStep(ftp);
    expect(server.sessions).toHaveLength(1);
  });

  it.each([
    '500 What?',
    '250 Bye.',
    '150 Bye.',
    '331 Bye?',
  ])('"%s" to QUIT ends the client all the same', async (reply) => {
    await using server = await someServer();
    server.on('QUIT', async (session) => {
      await session.reply(reply);
      await session.closeControl();
    });
    await using ftp = someClient(server);
    await expectInStep(ftp);
    await ftp[Symbol.asyncDispose]();
    await server.event('control-closed');
  });
});

/** The lines of the option `loginCommands`: those that become commands, and those that are refused before anything is sent. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codecFor } from '../../lib/client/codec.js';
import { parseLoginCommands } from '../../lib/client/login-commands.js';
import { FtpClient, FtpUsageError } from '../../lib/index.js';
import { EXCHANGES } from '../../lib/protocol/exchange.js';
import { overhear, secret } from '../support/canary.js';
import { observe } from '../support/observe.js';
import { scriptedServer } from '../support/scripted-server.js';
import { clientOf, optionsFor } from './support/open.js';

const utf8 = codecFor('utf8');

function refusal(line: string, codec = utf8): FtpUsageError {
  try {
    parseLoginCommands(['NOOP', line], codec);
  } catch (error) {
    expect(error).toBeInstanceOf(FtpUsageError);
    return error as FtpUsageError;
  }
  throw new Error('the line was taken');
}

describe('a line of loginCommands', () => {
  it.each([
    ['SITE UMASK 022', 'SITE', 'SITE UMASK 022', false],
    ['-SITE UMASK 022', 'SITE', 'SITE UMASK 022', true],
    ['site umask 022', 'SITE', 'site umask 022', false],
    ['ACCT books', 'ACCT', 'ACCT books', false],
    ['CWD /a b ', 'CWD', 'CWD /a b ', false],
    ['OPTS HASH SHA-256', 'OPTS', 'OPTS HASH SHA-256', false],
    ['-XYZ', 'XYZ', 'XYZ', true],
    ['CLNT me', 'CLNT', 'CLNT me', false],
  ])('%j is a command', (line, verb, sent, mayFail) => {
    expect(parseLoginCommands([line], utf8)).toMatchObject([{ command: { verb, line: sent }, mayFail }]);
  });

  it.each([
    ['USER me', 'user and password'],
    ['-PASS x', 'user and password'],
    ['AUTH TLS', 'secure and dataProtection'],
    ['PROT C', 'secure and dataProtection'],
    ['HOST a', 'virtualHost'],
    ['FEAT', 'features'],
    ['TYPE I', 'option type'],
    ['OPTS UTF8 ON', 'encoding'],
    ['OPTS utf-8 off', 'encoding'],
    ['opts mlst type;', 'opts$'],
    ['OPTS  UTF8 OFF', 'encoding'],
    ['OPTS UTF8\tOFF', 'encoding'],
    ['-OPTS \t MLST type;', 'opts$'],
    ['MODE Z', 'compression'],
    ['STRU R', 'file structure'],
    ['QUIT', 'end the session'],
    ['REIN', 'end the session'],
    ['ABOR', 'no transfer'],
    ['PASV', 'transfer'],
    ['port 1,2,3,4,5,6', 'transfer'],
    ['LIST', 'transfer'],
    ['STOR a', 'transfer'],
    ['REST 5', 'later command'],
    ['RNFR a', 'later command'],
    ['-CWD /a', 'different directories'],
    ['-CDUP', 'different directories'],
  ])('%j is refused, with advice', (line, advice) => {
    const { message } = refusal(line);
    expect(message).toMatch(/^The option loginCommands \(entry 2\): [A-Z]+ may not be there: /);
    expect(message).toContain(advice);
  });

  it.each(['', '-', ' NOOP', 'NO-OP', 'NOOP\r\nDELE a', 'SITE \n', 'SITE \0', 'SITE \ud800'])('%j is none', (line) => {
    expect(refusal(line).message).toMatch(/^The option loginCommands \(entry 2\): /);
  });

  it('is refused where the encoding cannot write it', () => {
    expect(refusal('SITE 例', codecFor('latin1')).message).toContain('(entry 2)');
    const encode = (text: string): Uint8Array => Buffer.from(text.replace('!', '\n'));
    const codec = codecFor({ encode, decode: (bytes) => Buffer.from(bytes).toString() });
    expect(refusal('SITE hello!', codec).message).toContain('a line feed');
  });

  it('opens no data connection, whatever it is', () => {
    const transfers = Object.keys(EXCHANGES).filter((verb) => EXCHANGES[verb]?.preliminary.length !== 0);
    for (const verb of transfers.filter((name) => name !== 'GREETING')) expect(() => refusal(verb)).not.toThrow();
  });

  it('becomes one line without CR, LF and NUL, or none', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (line) => {
        try {
          const [login] = parseLoginCommands([line], utf8);
          expect(login?.command.line).toBe(line.replace(/^-/, ''));
          expect(line).not.toMatch(/[\r\n\0]/);
        } catch (error) {
          expect(error).toBeInstanceOf(FtpUsageError);
        }
      }),
    );
  });
});

describe('the option loginCommands', () => {
  it('refuses with nothing sent, and no connection made', async () => {
    await using server = await scriptedServer();
    expect(() => clientOf(server, { loginCommands: ['SITE A\r\nDELE b'] })).toThrow(FtpUsageError);
    expect(server.sessions).toHaveLength(0);
  });

  it('is copied: a later change of the list changes nothing', async () => {
    await using server = await scriptedServer();
    const loginCommands = ['NOOP'];
    await using ftp = new FtpClient(optionsFor(server, { loginCommands }));
    loginCommands.push('DELE a');
    await observe(ftp.help$()).settled;
    expect(server.commands.slice(-2)).toEqual(['NOOP', 'HELP']);
  });

  it.each([
    ['ACCT canary-account', 'canary-account'],
    ['SITE PSWD old-canary new-canary', 'old-canary'],
    ['SITE PSWD old-canary new-canary', 'new-canary'],
    ['SITE CHPASS ann new-canary', 'new-canary'],
  ])('shows no secret of %j, in no dialogue and no error', async (line, canary) => {
    secret(canary);
    await using server = await scriptedServer();
    for (const verb of ['ACCT', 'SITE']) server.answer(verb, `550 ${canary} is not good.`);
    await using ftp = clientOf(server, { loginCommands: [line] });
    const [commands, replies] = [observe(ftp.command$), observe(ftp.reply$)];
    const events = observe(ftp.events$);
    overhear('the error', await observe(ftp.help$()).failed);
    expect(server.commands).toContain(line);
    await observe(ftp.close$()).settled;
    overhear('command$', await commands.settled);
    overhear('reply$', await replies.settled);
    overhear('events$', await events.settled);
    expect(commands.values.at(-1)).toMatch(/\*\*\*$/);
  });

  it('shows no secret in the refusal of a line', () => {
    secret('canary-line');
    for (const line of ['PASS canary-line', 'canary-line', 'SITE canary-line\n', '-']) overhear('it', refusal(line));
  });
});

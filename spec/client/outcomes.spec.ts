/** Checks the facts of an error about another try: whether it may help (`transient`), and whether the first one may have had an effect. */
import { catchError, concat, defer, firstValueFrom, from, type Observable, of, switchMap } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { FtpClient, type FtpErrorCode, type FtpOptions, type FtpOutcome } from '../../lib/index.js';
import { observe } from '../support/observe.js';
import { type Handler, type ScriptedServer, scriptedServer } from '../support/scripted-server.js';

const files = { '/a.txt': 'some bytes' };

interface Case {
  readonly name: string;
  readonly script: (server: ScriptedServer) => unknown;
  readonly operation: (ftp: FtpClient) => Observable<unknown>;
  readonly options?: Partial<FtpOptions>;
  readonly expected: readonly [FtpErrorCode, boolean, FtpOutcome];
}

const store = (ftp: FtpClient) => ftp.stor$('/new.txt', 'content');
const remove = (ftp: FtpClient) => ftp.dele$('/a.txt');
async function* numbers(): AsyncGenerator<number> {
  yield 5;
}
const hangUp: Handler = (session) => session.closeControl('rst');

const CASES: readonly Case[] = [
  {
    name: 'a login that was refused for good',
    script: (server) => server.answer('PASS', '530 Login incorrect.'),
    operation: remove,
    expected: ['ERR_FTP_REPLY', false, 'none'],
  },
  {
    name: 'a login that was lost',
    script: (server) => server.on('PASS', hangUp),
    operation: remove,
    expected: ['ERR_FTP_CONNECTION', true, 'none'],
  },
  {
    name: 'a command that was refused for now',
    script: (server) => server.answer('DELE', '450 Busy.'),
    operation: remove,
    expected: ['ERR_FTP_REPLY', true, 'refused'],
  },
  {
    name: 'a command whose reply was lost',
    script: (server) => server.on('DELE', hangUp),
    operation: remove,
    expected: ['ERR_FTP_CONNECTION', true, 'unknown'],
  },
  {
    name: 'a rename that was lost before RNTO',
    script: (server) => server.on('RNFR', hangUp),
    operation: (ftp) => ftp.rename$('/a.txt', '/b.txt'),
    expected: ['ERR_FTP_CONNECTION', true, 'none'],
  },
  {
    name: 'a rename that was lost behind RNTO',
    script: (server) => server.on('RNTO', hangUp),
    operation: (ftp) => ftp.rename$('/a.txt', '/b.txt'),
    expected: ['ERR_FTP_CONNECTION', true, 'unknown'],
  },
  {
    name: 'a rename that was refused at RNFR',
    script: (server) => server.answer('RNFR', '550 No.'),
    operation: (ftp) => ftp.rename$('/a.txt', '/b.txt'),
    expected: ['ERR_FTP_REPLY', false, 'refused'],
  },
  {
    name: 'a command that the server ended the session for',
    script: (server) => server.answer('DELE', '421 Bye.'),
    operation: remove,
    expected: ['ERR_FTP_CONNECTION', true, 'refused'],
  },
  {
    name: 'a command that the server ended the session for after it had begun',
    script: (server) => server.answer('SITE', '150 Working.', '421 Bye.'),
    operation: (ftp) => ftp.send$('SITE WORK'),
    expected: ['ERR_FTP_CONNECTION', true, 'unknown'],
  },
  {
    name: 'an upload that the server ended the session for before it began',
    script: (server) => server.answer('STOR', '421 Bye.'),
    operation: store,
    expected: ['ERR_FTP_CONNECTION', true, 'refused'],
  },
  {
    name: 'an upload that the server ended the session for after it had begun',
    script: (server) => server.answer('STOR', '150 Go on.', '421 Bye.'),
    operation: store,
    expected: ['ERR_FTP_CONNECTION', true, 'unknown'],
  },
  {
    name: 'an upload whose port was not named in time',
    script: (server) => server.answer('PASV'),
    operation: store,
    options: { mode: 'pasv', replyTimeoutMs: 60 },
    expected: ['ERR_FTP_TIMEOUT', true, 'none'],
  },
  {
    name: 'an upload whose deadline passed before its command',
    script: (server) => server.answer('EPSV'),
    operation: store,
    options: { mode: 'epsv', deadlineMs: 60, abortTimeoutMs: 60 },
    expected: ['ERR_FTP_TIMEOUT', true, 'none'],
  },
  {
    name: 'an upload whose port was named by nonsense',
    script: (server) => server.answer('EPSV', '229 Nonsense.'),
    operation: store,
    options: { mode: 'epsv' },
    expected: ['ERR_FTP_REPLY', false, 'none'],
  },
  {
    name: 'an upload whose source gives no bytes',
    script: () => {},
    operation: (ftp) => ftp.stor$('/new.txt', numbers() as AsyncIterable<never>),
    expected: ['ERR_FTP_USAGE', false, 'unknown'],
  },
  {
    name: 'an upload of lines that are no strings',
    script: () => {},
    operation: (ftp) => ftp.storLines$('/new.txt', numbers() as AsyncIterable<never>),
    expected: ['ERR_FTP_USAGE', false, 'unknown'],
  },
  {
    name: 'an upload of lines that cannot be encoded',
    script: () => {},
    operation: (ftp) => ftp.storLines$('/new.txt', ['\u20ac']),
    options: { encoding: 'latin1' },
    expected: ['ERR_FTP_USAGE', false, 'unknown'],
  },
  {
    name: 'a raw transfer whose bytes were subscribed too late',
    script: () => {},
    operation: (ftp) =>
      from(firstValueFrom(ftp.transfer$('RETR a.txt'))).pipe(switchMap(({ bytes }): Observable<unknown> => bytes)),
    expected: ['ERR_FTP_USAGE', false, 'unknown'],
  },
  {
    name: 'a command on a session that could not be brought to the directory',
    script: (server) =>
      server
        .answer('PWD', '257 "/kept"')
        .answer('CWD', '450 Busy.')
        .once('CWD', (session) => session.reply('250 Done.'))
        .once('DELE', hangUp),
    operation: (ftp) =>
      concat(
        ftp.cwd$('/kept'),
        remove(ftp).pipe(catchError(() => of(''))),
        defer(() => remove(ftp)),
      ),
    expected: ['ERR_FTP_REPLY', true, 'none'],
  },
  {
    name: 'an upload that was lost before its command',
    script: (server) => server.on('EPSV', hangUp),
    operation: store,
    expected: ['ERR_FTP_CONNECTION', true, 'none'],
  },
  {
    name: 'an upload that was refused before it began',
    script: (server) => server.answer('STOR', '553 Not this name.'),
    operation: store,
    expected: ['ERR_FTP_REPLY', false, 'refused'],
  },
  {
    name: 'an upload for which there was no room',
    script: (server) => server.answer('STOR', '452 The disk is full.'),
    operation: store,
    expected: ['ERR_FTP_REPLY', false, 'refused'],
  },
  {
    name: 'an upload that broke after it had begun',
    script: (server) =>
      server.on('STOR', async (session) => {
        await session.reply('150 Go on.');
        await session.receiveData();
        await session.reply('426 It broke.');
      }),
    operation: store,
    expected: ['ERR_FTP_TRANSFER', true, 'unknown'],
  },
  {
    name: 'an upload whose data connection could not be opened',
    script: (server) => server.answer('EPSV', '229 Entering Extended Passive Mode (|||1|)'),
    operation: store,
    options: { mode: 'epsv' },
    expected: ['ERR_FTP_CONNECTION', true, 'none'],
  },
  {
    name: 'a download from beyond the end that SIZE names',
    script: () => {},
    operation: (ftp) => ftp.retr$('/a.txt', { start: 11, verify: 'size' }),
    expected: ['ERR_FTP_USAGE', false, 'none'],
  },
  {
    name: 'a download from beyond the end that only the reply to RETR names',
    script: (server) =>
      server.on('RETR', async (session) => {
        await session.reply('150 Opening (10 bytes).');
        await session.sendData('');
        await session.reply('226 Done.');
      }),
    operation: (ftp) => ftp.retr$('/a.txt', { start: 11 }),
    expected: ['ERR_FTP_USAGE', false, 'unknown'],
  },
];

describe('the error of', () => {
  it.each(CASES)('$name', async ({ script, operation, options, expected }) => {
    await using server = await scriptedServer({ files });
    script(server);
    await using ftp = new FtpClient({ host: server.host, port: server.port, ...options });
    const [code, transient, outcome] = expected;
    expect(await observe<unknown>(operation(ftp)).failed).toMatchObject({ code, transient, outcome });
  });

  it('an operation of a closed client', async () => {
    await using server = await scriptedServer({ files, greeting: () => new Promise(() => undefined) });
    await using ftp = new FtpClient({ host: server.host, port: server.port });
    const waiting = observe(ftp.dele$('/a.txt'));
    await server.event('connected');
    await Promise.all([observe(ftp.close$()).ended, waiting.ended]);
    expect(await waiting.failed).toMatchObject({ code: 'ERR_FTP_CONNECTION', transient: false, outcome: 'none' });
  });

  it('a download that was broken off by abor$', async () => {
    await using server = await scriptedServer({ files: { '/big': Buffer.alloc(8 << 20) } });
    await using ftp = new FtpClient({ host: server.host, port: server.port });
    const download = observe(ftp.retr$('/big'));
    await download.nth(1);
    await observe(ftp.abor$()).ended;
    expect(await download.failed).toMatchObject({ code: 'ERR_FTP_TRANSFER', transient: false, outcome: 'unknown' });
  });
});

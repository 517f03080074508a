/** The table of errors in docs/errors.md: each of its rows is provoked, and is what the table says. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { concat, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { connect$, FtpClient, FtpError, type FtpOptions, FtpReplyError, isFtpError } from '../../lib/index.js';
import { remote, walk$ } from '../../lib/recipes/index.js';
import { observe } from '../support/observe.js';
import { type ScriptedServer, type ScriptedServerOptions, scriptedServer } from '../support/scripted-server.js';

const page = await readFile(fileURLToPath(new URL('../../docs/errors.md', import.meta.url)), 'utf8');

interface Row {
  readonly name: string;
  readonly className: string;
  readonly code: string;
  readonly advice: string;
}

/** The rows whose first cell names a class and its code. */
const rows: readonly Row[] = [...page.matchAll(/^\| (`(Ftp\w+Error)`[^|]*`(ERR_FTP_\w+)`) \|.*\| ([^|]+) \|$/gm)].map(
  ([, name = '', className = '', code = '', advice = '']) => ({ name, className, code, advice }),
);

/** One way to get an error of a row. */
interface Way {
  /** It belongs to the row whose first cell has this. */
  readonly row: string;
  readonly how: string;
  readonly server?: ScriptedServerOptions;
  readonly script?: (server: ScriptedServer) => unknown;
  readonly options?: Partial<FtpOptions>;
  readonly run: (ftp: FtpClient, server: ScriptedServer) => Observable<unknown>;
  readonly expected?: object;
}

const size = (ftp: FtpClient): Observable<unknown> => ftp.size$('/a');
const USAGE = '`FtpUsageError`';
const long = `/${'x'.repeat(600)}`;

const WAYS: readonly Way[] = [
  {
    row: '`reply.class` 4',
    how: 'a 4yz reply',
    script: (server) => server.answer('SIZE', '450 Busy.'),
    run: size,
    expected: { transient: true, outcome: 'refused', reply: { class: 4 } },
  },
  {
    row: '`reply.class` 5',
    how: 'a 5yz reply',
    run: (ftp) => ftp.size$('/no-such-file'),
    expected: { transient: false, outcome: 'refused', reply: { class: 5, code: 550 }, message: /\(.*exist/ },
  },
  {
    row: '`reply.class` 1 to 3',
    how: 'another class than expect names',
    run: (ftp) => ftp.exchange$('NOOP', { expect: 3 }),
    expected: { reply: { class: 2 } },
  },
  { row: '`FtpUnsupportedError`', how: 'no command for checksums', run: (ftp) => ftp.hash$('/a') },
  { row: USAGE, how: 'a line end in an argument', run: (ftp) => ftp.size$('a\r\nDELE b') },
  {
    row: USAGE,
    how: 'a line longer than the server takes',
    server: { greeting: '220 Hello' },
    run: (ftp) => ftp.size$(long),
  },
  { row: USAGE, how: 'a bad option', run: (ftp) => ftp.retr$('/a', { start: 0.5 }) },
  { row: USAGE, how: 'a closed client', run: (ftp) => concat(ftp.close$(), ftp.noop$()) },
  {
    row: USAGE,
    how: 'a start of a download beyond the end that SIZE names',
    run: (ftp) => ftp.retr$('/a', { start: 4, verify: 'size' }),
  },
  {
    row: USAGE,
    how: 'a start of an upload beyond the end that SIZE names',
    run: (ftp) => ftp.stor$('/a', 'more', { start: 4, verify: 'size' }),
  },
  {
    row: USAGE,
    how: 'a start of an upload whose end nobody names',
    script: (server) => server.answer('SIZE', '502 What?').answer('MLST', '502 What?'),
    run: (ftp) => ftp.stor$('/a', 'more', { start: 3, verify: 'size' }),
  },
  {
    row: '`reply.class` 1 to 3',
    how: 'a reply without the value that was asked for',
    script: (server) => server.answer('SIZE', '213 large'),
    run: size,
    expected: { reply: { class: 2 }, transient: false },
  },
  {
    row: '`FtpProtocolError`',
    how: 'a reply that does not show whether the command was done',
    script: (server) => server.answer('DELE', '150 Working.'),
    run: (ftp) => ftp.dele$('/a'),
    expected: { transient: false, outcome: 'unknown' },
  },
  {
    row: '`FtpProtocolError`',
    how: 'a server of another protocol',
    server: { greeting: 'SSH-2.0-OpenSSH_9.6' },
    run: size,
    expected: { transient: false, outcome: 'none', message: /no FTP server/ },
  },
  {
    row: '`FtpProtocolError`',
    how: 'a reply beyond maxReplyBytes',
    options: { maxReplyBytes: 1_000 },
    script: (server) => server.answer('HELP', `214-${'help\r\n'.repeat(500)}214 End`),
    run: (ftp) => ftp.help$(),
  },
  {
    row: '`FtpConnectionError`',
    how: 'nobody listens',
    run: (_ftp, server) => {
      const { host, port } = server;
      return new FtpClient({ host, port: port === 1 ? 2 : 1 }).noop$();
    },
    expected: { channel: 'control', phase: 'connect', transient: true, outcome: 'none' },
  },
  {
    row: '`FtpConnectionError`',
    how: 'the server hangs up',
    script: (server) => server.on('SIZE', (session) => session.closeControl('rst')),
    run: size,
    expected: { channel: 'control', transient: true, outcome: 'unknown' },
  },
  {
    row: '`FtpTimeoutError`',
    how: 'no reply in time',
    options: { replyTimeoutMs: 100 },
    script: (server) => server.answer('SIZE'),
    run: size,
    expected: { phase: 'reply', afterMs: 100, transient: true, message: /replyTimeoutMs/ },
  },
  {
    row: '`FtpSecurityError`',
    how: 'a certificate that nobody known has signed',
    server: { tls: 'explicit' },
    options: { secure: 'explicit' },
    run: size,
    expected: { transient: false, message: /tls\.ca/ },
  },
  {
    row: '`FtpSecurityError`',
    how: 'a server without TLS',
    options: { secure: 'explicit' },
    run: size,
    expected: { transient: false },
  },
  {
    row: '`FtpTransferError`',
    how: 'less than was announced, and a good final reply',
    script: (server) =>
      server.on('RETR', async (session) => {
        await session.reply('150 Opening data connection for /a (3 bytes).');
        await session.sendData('ab');
        await session.reply('226 Done.');
      }),
    run: (ftp) => ftp.retr$('/a'),
    expected: { bytes: 2, transient: true, outcome: 'unknown' },
  },
  {
    row: '`FtpTreeError`',
    how: 'a directory of a tree that cannot be listed',
    script: (server) => {
      server.tree.makeDirectory('/d');
      server.on('MLSD', (session, path, { byDefault }) =>
        path === '/d' || session.state.directory === '/d' ? session.reply('550 No.') : byDefault(),
      );
      server.on('LIST', (session) => session.reply('550 No.'));
    },
    run: (ftp) => walk$(remote(ftp, '/')),
    expected: { count: 1, errors: [{ path: 'd', code: 'ERR_FTP_REPLY' }] },
  },
];

/** What is expected, with patterns for texts. */
function shape(expected: object): object {
  return Object.fromEntries(
    Object.entries(expected).map(([name, value]) => [
      name,
      value instanceof RegExp ? expect.stringMatching(value) : value,
    ]),
  );
}

describe('the table of errors', () => {
  it('has a row for each class, and each row is provoked below', () => {
    expect(rows).toHaveLength(11);
    for (const { name, advice } of rows) {
      expect(WAYS.filter(({ row }) => name.includes(row)).length, name).toBeGreaterThan(0);
      expect(advice).not.toContain('error.bytes');
    }
  });

  it.each(WAYS)('$row: $how', async ({ row, server: serverOptions, script, options, run, expected = {} }) => {
    const [named, ...others] = rows.filter(({ name }) => name.includes(row));
    expect(others).toEqual([]);
    await using server = await scriptedServer({ files: { '/a': 'abc' }, ...serverOptions });
    script?.(server);
    await using ftp = new FtpClient({ host: server.host, port: server.port, ...options });
    const error = await observe(run(ftp, server)).failed;
    expect(error).toBeInstanceOf(FtpError);
    expect(isFtpError(error)).toBe(true);
    expect(error).toMatchObject({ name: named?.className, code: named?.code, ...shape(expected) });
    if (row !== USAGE) return;
    expect(error).toMatchObject({ transient: false, outcome: 'none' });
    expect(server.commands.filter((line) => /^(SIZE a|RETR|STOR|DELE)/.test(line))).toEqual([]);
  });

  it('passes an error of the source on unchanged', async () => {
    await using server = await scriptedServer();
    await using ftp = new FtpClient({ host: server.host, port: server.port });
    const mine = new Error('mine');
    async function* source(): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(1);
      throw mine;
    }
    expect(await observe(ftp.stor$('/b', source())).failed).toBe(mine);
  });

  it('tells what was refused of a login as it tells of an operation', async () => {
    await using server = await scriptedServer({ users: {} });
    const error = await observe(connect$({ host: server.host, port: server.port })).failed;
    expect(error).toBeInstanceOf(FtpReplyError);
  });
});

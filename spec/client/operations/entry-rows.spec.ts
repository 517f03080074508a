/** Rows that are not understood, through `entries$` and `mlsd$`; and what a listing is told to be. */
import { map, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  type FtpEvent,
  type FtpOperations,
  FtpProtocolError,
  FtpTransferError,
  FtpUsageError,
} from '../../../lib/index.js';
import { observe } from '../../support/observe.js';
import { type ScriptedServer, scriptedServer } from '../../support/scripted-server.js';
import { afterLogin, clientOf, sessionOf } from '../support/open.js';

const ROW = '-rw-r--r-- 1 u g 7 Jan  1  2024';

function lists(server: ScriptedServer, verb: string, text: string, end = '226 Done.'): void {
  server.on(verb, async (session) => {
    await session.reply('150 Ok.');
    await session.sendData(text);
    await session.reply(end);
  });
}

/** A server that sends these rows to LIST, and has no MLSD. */
async function listing(rows: readonly string[]): Promise<ScriptedServer> {
  const server = await scriptedServer({ files: { '/dir/a': '', '/own': '' } });
  server.features = [];
  lists(server, 'LIST', rows.map((row) => `${row}\r\n`).join(''));
  return server;
}

/** A server that sends these rows to MLSD. */
async function facts(rows: readonly string[]): Promise<ScriptedServer> {
  const server = await scriptedServer({ files: { '/dir/a': '' } });
  lists(server, 'MLSD', rows.map((row) => `${row}\r\n`).join(''));
  return server;
}

const unparsedIn = (events: readonly FtpEvent[]): unknown[] => events.filter(({ type }) => type === 'unparsed');

type Listing = (ftp: FtpOperations, unparsed?: 'error' | 'report') => Observable<string>;

const kinds: readonly (readonly [string, () => Promise<ScriptedServer>, Listing, string])[] = [
  [
    'entries$ by LIST',
    () => listing([`${ROW} a`, 'what is this', `${ROW} b`]),
    (ftp, unparsed) => ftp.entries$('/dir', { unparsed }).pipe(map(({ name }) => name)),
    'what is this',
  ],
  [
    'entries$ by MLSD',
    () => facts(['type=file; a', 'type=file;', 'type=file; b']),
    (ftp, unparsed) => ftp.entries$('/dir', { unparsed }).pipe(map(({ name }) => name)),
    'type=file;',
  ],
  [
    'mlsd$',
    () => facts(['type=file; a', 'type=file; nul\0', 'type=file; b']),
    (ftp, unparsed) => ftp.mlsd$('/dir', { unparsed }).pipe(map(({ name }) => name)),
    'type=file; nul\0',
  ],
];

describe.each(kinds)('%s with a row that is not understood', (_kind, start, list, row) => {
  it('errors after the last entry, and the session goes on', async () => {
    await using server = await start();
    await using ftp = clientOf(server);
    const told = observe(ftp.events$);
    const entries = observe(list(ftp));
    const error = await entries.failed;
    expect(entries.values).toEqual(['a', 'b']);
    expect(error).toBeInstanceOf(FtpProtocolError);
    expect(error).toMatchObject({ unparsed: [row] });
    expect(String(error)).toContain("unparsed: 'report'");
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
    expect(server.sessions).toHaveLength(1);
    expect(unparsedIn(told.values)).toEqual([]);
  });

  it('completes where it is to be reported, and events$ tells it', async () => {
    await using server = await start();
    await using open = await sessionOf(server);
    const told = observe(open.ftp.events$);
    const entries = observe(list(open.ftp, 'report'));
    expect(await entries.settled).toEqual(['a', 'b']);
    expect(unparsedIn(told.values)).toMatchObject([{ path: '/dir', rows: [row], count: 1, session: 1 }]);
  });
});

describe('unparsed', () => {
  it('is told with an empty path of the own directory', async () => {
    await using server = await facts(['what']);
    await using ftp = clientOf(server);
    const told = observe(ftp.events$);
    for (const listed of [
      ftp.entries$(undefined, { unparsed: 'report' }),
      ftp.mlsd$(undefined, { unparsed: 'report' }),
    ]) {
      expect(await observe<unknown>(listed).settled).toEqual([]);
    }
    const events = unparsedIn(told.values);
    expect(events).toHaveLength(2);
    for (const event of events) expect(event).toMatchObject({ path: '' });
  });

  it('counts less than a failed transfer', async () => {
    await using server = await scriptedServer();
    lists(server, 'MLSD', 'what\r\ntype=file; a\r\n', '451 Broken.');
    await using ftp = clientOf(server);
    for (const unparsed of ['error', 'report'] as const) {
      const entries = observe(ftp.entries$(undefined, { unparsed }));
      expect(await entries.failed).toBeInstanceOf(FtpTransferError);
    }
  });

  it('does not hide an entry of the name that was listed', async () => {
    await using server = await listing([`${ROW} dir`, 'what']);
    await using ftp = clientOf(server);
    const entries = observe(ftp.entries$('/dir'));
    expect(await entries.failed).toMatchObject({ unparsed: ['what'] });
    expect(entries.values.map(({ name }) => name)).toEqual(['dir']);
  });

  it('is nothing to one that has left', async () => {
    await using server = await facts(['type=file; a', 'what', 'type=file; b']);
    await using ftp = clientOf(server);
    const told = observe(ftp.events$);
    const entries = observe(ftp.entries$(undefined, { unparsed: 'report' }), { next: (_, self) => self.unsubscribe() });
    expect(await entries.ended).toBe('unsubscribed');
    await observe(ftp.noop$()).settled;
    expect(unparsedIn(told.values)).toEqual([]);
  });
});

describe('the options of entries$', () => {
  it.each([
    { unparsed: 'ignore' },
    { hidden: 1 },
    { precise: 'yes' },
    { via: 'list' },
    { timeZone: Number.NaN },
    { all: true },
    { tz: 60 },
  ])('are checked with nothing sent: %j', async (options) => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    expect(await observe(ftp.entries$('/', options as never)).failed).toBeInstanceOf(FtpUsageError);
    expect(afterLogin(server)).toEqual([]);
  });

  it('name the zone of the times', async () => {
    await using server = await listing(['-rw-r--r-- 1 u g 7 2024-05-01 12:00 a']);
    await using ftp = clientOf(server);
    const [entry] = await observe(ftp.entries$(undefined, { timeZone: 120 })).settled;
    expect(entry?.modified).toEqual(new Date('2024-05-01T10:00:00Z'));
  });

  it('name the form of LIST', async () => {
    const row = '03-10-21  07:45PM       <DIR>          inetpub';
    await using server = await listing([row]);
    await using ftp = clientOf(server);
    expect(await observe(ftp.entries$(undefined, { dialect: 'dos' })).settled).toMatchObject([{ dialect: 'dos' }]);
    expect(await observe(ftp.entries$(undefined, { dialect: 'unix' })).failed).toMatchObject({ unparsed: [row] });
  });
});

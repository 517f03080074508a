/** `timeZone: 'auto'`: the zone of the server's clock, measured by MDTM of listed files. */
import { describe, expect, it } from 'vitest';
import { aheadBy, inUtc } from '../../../lib/client/operations/server-zone.js';
import type { FileEntry, FtpClient } from '../../../lib/index.js';
import { observe } from '../../support/observe.js';
import { type ScriptedServer, scriptedServer } from '../../support/scripted-server.js';
import { afterLogin, clientOf } from '../support/open.js';

const MINUTE_MS = 60_000;
const TWO_HOURS = 120;

const row = (name: string, time: string): string => `-rw-r--r-- 1 u g 3 ${time} ${name}\r\n`;

/** A server whose clock is of Berlin: two hours ahead in summer, one in winter. */
async function berlin(rows: string, mdtm: Readonly<Record<string, string>>): Promise<ScriptedServer> {
  const server = await scriptedServer({ files: { '/dir/x': '' }, greeting: '220 Hello.' });
  server.features = [];
  server.on('LIST', async (session) => {
    await session.reply('150 Ok.');
    await session.sendData(rows);
    await session.reply('226 Done.');
  });
  server.on('MDTM', (session, path) => session.reply(mdtm[path.slice(path.lastIndexOf('/') + 1)] ?? '550 No.'));
  return server;
}

async function times(ftp: FtpClient, path?: string): Promise<unknown[]> {
  const entries = await observe(ftp.entries$(path, { timeZone: 'auto' })).settled;
  return entries.map(({ name, modified, zoneKnown }) => [name, modified?.toISOString().slice(0, 16), zoneKnown]);
}

const asked = (server: ScriptedServer): string[] =>
  afterLogin(server).filter((line) => /^(CWD|LIST|MLSD|MDTM)/.test(line));

describe("timeZone: 'auto'", () => {
  it('measures by one file of each month, in the directory, and once for a client', async () => {
    const rows = `${row('a', '2024-07-01 12:00')}${row('b', '2024-07-02 12:30')}${row('c', '2024-12-01 12:00')}`;
    await using server = await berlin(rows, { a: '213 20240701100031', c: '213 20241201110059' });
    await using ftp = clientOf(server);
    const inZone = [
      ['a', '2024-07-01T10:00', true],
      ['b', '2024-07-02T10:30', true],
      ['c', '2024-12-01T11:00', true],
    ];
    expect(await times(ftp, '/dir')).toEqual(inZone);
    expect(asked(server)).toEqual(['CWD /dir', 'LIST', 'MDTM a', 'MDTM c', 'CWD /']);
    expect(await times(ftp)).toEqual(inZone);
    expect(asked(server).filter((line) => line.startsWith('MDTM'))).toHaveLength(2);
  });

  it('takes another file where one does not tell, and the nearest month where none does', async () => {
    const rows = `${row('gone', '2024-07-01 12:00')}${row('other', '2024-07-01 12:00')}${row('b', '2024-08-02 12:30')}`;
    await using server = await berlin(rows, { other: '213 20240701100000' });
    await using ftp = clientOf(server);
    expect(await times(ftp)).toEqual([
      ['gone', '2024-07-01T10:00', true],
      ['other', '2024-07-01T10:00', true],
      ['b', '2024-08-02T10:30', false],
    ]);
  });

  it('leaves a date without a time as it is, and asks nothing of it', async () => {
    await using server = await berlin(`${row('a', '2024-07-01')}${row('b', 'Feb  3  2020')}`, {});
    await using ftp = clientOf(server);
    expect(await times(ftp)).toEqual([
      ['a', '2024-07-01T00:00', false],
      ['b', '2020-02-03T00:00', false],
    ]);
    expect(asked(server)).toEqual(['LIST']);
  });

  it('takes UTC where the server has no MDTM, and asks no more', async () => {
    await using server = await berlin(row('a', '2024-07-01 12:00'), {});
    server.answer('MDTM', '502 What?');
    await using ftp = clientOf(server);
    const told = observe(ftp.events$);
    const listedAs = [['a', '2024-07-01T12:00', false]];
    expect(await times(ftp)).toEqual(listedAs);
    expect(await times(ftp)).toEqual(listedAs);
    expect(asked(server)).toEqual(['LIST', 'MDTM a', 'LIST']);
    expect(told.values).toContainEqual(expect.objectContaining({ type: 'fallback', what: 'MDTM' }));
  });

  it('does not measure by a file that was written to between the questions', async () => {
    await using server = await berlin(row('a', '2024-07-01 12:00'), { a: '213 20240701100722' });
    await using ftp = clientOf(server);
    expect(await times(ftp)).toEqual([['a', '2024-07-01T12:00', false]]);
  });

  it('asks nothing of MLSD, whose times are of UTC', async () => {
    await using server = await scriptedServer({ files: { '/dir/a': '' } });
    await using ftp = clientOf(server);
    expect(await times(ftp, '/dir')).toEqual([['a', '2024-02-03T04:05', true]]);
    expect(asked(server)).toEqual(['MLSD /dir']);
  });

  it('works by STAT too, and beside precise', async () => {
    await using server = await berlin('', { a: '213 20240701100031' });
    server.answer('STAT', `213-Status:\r\n${row('a', '2024-07-01 12:00')}213 End.`);
    await using ftp = clientOf(server);
    const [entry] = await observe(ftp.entries$(undefined, { timeZone: 'auto', via: 'stat' })).settled;
    expect(entry).toMatchObject({ modified: new Date('2024-07-01T10:00:00Z'), zoneKnown: true, precision: 'minute' });
    const [exact] = await observe(ftp.entries$(undefined, { timeZone: 'auto', via: 'stat', precise: true })).settled;
    expect(exact).toMatchObject({ modified: new Date('2024-07-01T10:00:31Z'), zoneKnown: true, precision: 'second' });
  });

  it('is in step after it was left', async () => {
    await using server = await berlin(row('a', '2024-07-01 12:00'), {});
    server.on('MDTM', async (session) => {
      left.unsubscribe();
      await session.reply('213 20240701100000');
    });
    await using ftp = clientOf(server);
    const left = observe(ftp.entries$('/dir', { timeZone: 'auto' }));
    await server.received('MDTM');
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
    expect(left.values).toEqual([]);
  });
});

describe('aheadBy', () => {
  const utc = new Date('2024-07-01T10:00:31Z');
  const shifted = (minutes: number, seconds = -31): Date =>
    new Date(utc.getTime() + minutes * MINUTE_MS + seconds * 1000);

  it.each([0, 60, -300, 330, 345, 840, -720])('finds %i minutes', (minutes) => {
    expect(aheadBy(shifted(minutes), utc)).toSatisfy((found) => found === minutes * MINUTE_MS);
    // Not every server rounds down.
    expect(aheadBy(shifted(minutes, 29), utc)).toSatisfy((found) => found === minutes * MINUTE_MS);
  });

  it.each([7, 855, -855, 24 * 60, 365 * 24 * 60])('finds none in %i minutes', (minutes) => {
    expect(aheadBy(shifted(minutes), utc)).toBeUndefined();
  });
});

describe('inUtc', () => {
  const entry = { name: 'a', precision: 'minute', zoneKnown: false, modified: new Date('2024-01-15T00:30:00Z') };

  it.each([
    ['a zone that is known', { ...entry, zoneKnown: true }],
    ['a day', { ...entry, precision: 'day' }],
    ['no time', { ...entry, precision: 'none', modified: undefined }],
  ])('leaves %s', (_what, given) => {
    const known = new Map([[2024 * 12, TWO_HOURS * MINUTE_MS]]);
    expect(inUtc(given as FileEntry, known)).toBe(given);
  });

  it('goes by the month of the server', () => {
    const known = new Map([[2024 * 12, TWO_HOURS * MINUTE_MS]]);
    const [own, other] = [entry, { ...entry, modified: new Date('2023-12-31T23:59:00Z') }].map((given) =>
      inUtc(given as FileEntry, known),
    );
    expect(own).toMatchObject({ modified: new Date('2024-01-14T22:30:00Z'), zoneKnown: true });
    expect(other).toMatchObject({ modified: new Date('2023-12-31T21:59:00Z'), zoneKnown: false });
  });
});

/** The option `timeZone`, of a client and of one listing. */
import { describe, expect, it } from 'vitest';
import { isTimeZone } from '../../lib/client/time-zone.js';
import { FtpUsageError } from '../../lib/index.js';
import { observe } from '../support/observe.js';
import { scriptedServer } from '../support/scripted-server.js';
import { afterLogin, clientOf } from './support/open.js';

const WRONG: readonly unknown[] = ['', 'Europe/Nowhere', 'AUTO', Number.NaN, 1441, -1441, true, null, {}, ['auto']];

describe('timeZone', () => {
  it.each(['UTC', 'Europe/Berlin', 'Asia/Kolkata', 0, 330, -1440, 1440, 'auto'])('may be %j', (value) => {
    expect(isTimeZone(value)).toBe(true);
  });

  it.each(WRONG)('is refused with nothing sent: %j', async (value) => {
    await using server = await scriptedServer();
    expect(() => clientOf(server, { timeZone: value as string })).toThrow(FtpUsageError);
    await using ftp = clientOf(server);
    const error = await observe(ftp.entries$('/', { timeZone: value as string })).failed;
    expect(error).toBeInstanceOf(FtpUsageError);
    expect(String(error)).toMatch(/timeZone must be a zone name .*, a number of minutes .*, or 'auto'/);
    expect(server.sessions).toHaveLength(0);
  });

  it('of the client counts where the listing names none', async () => {
    await using server = await scriptedServer();
    server.features = [];
    server.on('LIST', async (session) => {
      await session.reply('150 Ok.');
      await session.sendData('-rw-r--r-- 1 u g 7 2024-07-01 12:00 a\r\n');
      await session.reply('226 Done.');
    });
    await using ftp = clientOf(server, { timeZone: 'Europe/Berlin' });
    const hour = async (timeZone?: string | number): Promise<unknown> =>
      (await observe(ftp.entries$(undefined, { timeZone })).settled).map(({ modified, zoneKnown }) => [
        modified?.getUTCHours(),
        zoneKnown,
      ]);
    expect(await hour()).toEqual([[10, true]]);
    expect(await hour(-60)).toEqual([[13, true]]);
    expect(afterLogin(server).some((line) => line.startsWith('MDTM'))).toBe(false);
  });
});

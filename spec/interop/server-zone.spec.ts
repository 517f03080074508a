/** `timeZone: 'auto'` on real servers whose clock is not of UTC. */
import { utimes } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { all } from '../support/interop/outcome.js';
import { Workplace } from '../support/interop/workplace.js';
import { describeServers } from '../support/real-servers/describe-servers.js';
import { serverNames } from '../support/real-servers/installed.js';
import type { ServerName } from '../support/real-servers/real-server.js';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Listed with a time of the day, by servers that are asked in LIST. */
const modified = new Date(Math.floor(Date.now() / 60_000) * 60_000 - 3 * DAY_MS);

/** vsftpd and pyftpdlib list times of UTC, as they are set up here. */
const LISTS_LOCAL_TIMES: readonly ServerName[] = ['proftpd', 'pure-ftpd', 'inetutils'];

describeServers(serverNames, (name) => {
  let place: Workplace;
  beforeAll(async () => {
    place = await Workplace.open(name, { clock: 'EST5', extra: name === 'proftpd' ? ['TimesGMT off'] : [] });
  });
  afterAll(() => place?.close());

  it('measures the zone', async () => {
    await using at = await place.visit({ 'sub/a': 'x', 'sub/b': 'y' }, { features: [], timeZone: 'auto' });
    for (const file of ['sub/a', 'sub/b']) await utimes(at.local(file), modified, modified);
    const [taken] = await all(at.ftp.entries$('sub', { timeZone: 0 }));
    const behindMs = LISTS_LOCAL_TIMES.includes(name) ? 5 * 60 * 60 * 1000 : 0;
    expect(taken?.modified).toEqual(new Date(modified.getTime() - behindMs));
    for (const entry of await all(at.ftp.entries$('sub'))) {
      expect(entry).toMatchObject({ modified, precision: 'minute', zoneKnown: true });
    }
    expect(await all(at.ftp.pwd$())).toEqual([at.directory]);
  });
});

/** Real servers that let in three sessions serve a client that asks for sixteen: no operation fails, also without `retry`. */
import { filter, first, lastValueFrom, toArray } from 'rxjs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FtpEvent } from '../../lib/index.js';
import { all } from '../support/interop/outcome.js';
import { Workplace } from '../support/interop/workplace.js';
import { observe } from '../support/observe.js';
import { describeServers } from '../support/real-servers/describe-servers.js';

const ALLOWED = 3;
const ROUNDS = 8;

const SETTINGS = [
  ['vsftpd', 'max_per_ip=3'],
  ['vsftpd', 'max_clients=3'],
  ['proftpd', 'MaxClients 3'],
  ['proftpd', 'MaxClientsPerHost 3'],
  ['pure-ftpd', '--maxclientsnumber=3'],
  ['pure-ftpd', '--maxclientsperip=3'],
] as const;

/** The server has ended a login, for too many sessions. */
const isRefusal = (event: FtpEvent): boolean => event.type === 'closed' && (event.cause.reply?.code ?? 0) >= 421;

describeServers(['vsftpd', 'proftpd', 'pure-ftpd'], (name) => {
  const settings = SETTINGS.filter(([server]) => server === name).map(([, setting]) => setting);
  for (const setting of settings) {
    let place: Workplace;
    beforeAll(async () => {
      place = await Workplace.open(name, { extra: [setting] });
    });
    afterAll(() => place?.close());

    it(`serves transfers, listings and commands of sixteen at once (${setting})`, async () => {
      const content = 'x'.repeat(70_000);
      await using at = await place.visit({ 'dir/a': content, 'dir/b': 'short' }, { maxSessions: 16 });
      const { ftp, directory } = at;
      const refused = observe(ftp.events$.pipe(filter(isRefusal)));
      // It is told once all logins are over, some of which may outlast the work.
      const limit = observe(ftp.events$.pipe(first((event: FtpEvent) => event.type === 'limit')));
      const rounds = Array.from({ length: ROUNDS }, async (_, round) => {
        const [bytes, , size, entries, path] = await Promise.all([
          lastValueFrom(ftp.retr$('dir/a').pipe(toArray())),
          all(ftp.stor$(`new-${round}`, content)),
          all(ftp.size$('dir/a')),
          all(ftp.entries$('dir')),
          all(ftp.pwd$()),
        ]);
        expect(Buffer.concat(bytes).toString()).toBe(content);
        expect(size).toEqual([content.length]);
        expect(entries.map((entry) => entry.name).sort()).toEqual(['a', 'b']);
        expect(path).toEqual([directory]);
      });
      await Promise.all(rounds);
      for (let round = 0; round < ROUNDS; round += 1) expect(await at.text(`new-${round}`)).toBe(content);
      await refused.nth(1);
      // Pure-FTPd's queue of connections is short: some are made seconds later.
      if (name === 'pure-ftpd') limit.unsubscribe();
      else expect(await limit.settled).toMatchObject([{ session: 0, sessions: ALLOWED, because: 'reply' }]);
      await all(ftp.close$());
      await refused.ended;
    });
  }
});

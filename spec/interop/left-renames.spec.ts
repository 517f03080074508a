/** A rename that is unsubscribed between RNFR and RNTO, over real servers: ProFTPD would refuse whatever comes next. */
import { existsSync } from 'node:fs';
import { filter, take } from 'rxjs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { all } from '../support/interop/outcome.js';
import { Workplace } from '../support/interop/workplace.js';
import { observe } from '../support/observe.js';
import { describeServers } from '../support/real-servers/describe-servers.js';
import { serverNames } from '../support/real-servers/installed.js';

describeServers(serverNames, (name) => {
  let place: Workplace;
  beforeAll(async () => {
    place = await Workplace.open(name, {});
  });
  afterAll(() => place?.close());

  it('can be left 200 times: each next command gets its own answer, on the same session', async () => {
    await using at = await place.visit({ file: 'content' });
    const logins = observe(at.ftp.command$.pipe(filter((line) => line.startsWith('USER'))));
    await all(at.ftp.pwd$());
    for (let round = 0; round < 200; round += 1) {
      const renaming = observe(at.ftp.rename$('file', 'gone'));
      await observe(
        at.ftp.command$.pipe(
          filter((line) => line.startsWith('RNFR')),
          take(1),
        ),
      ).settled;
      renaming.unsubscribe();
      expect(await all(at.ftp.size$('file'))).toEqual([7]);
    }
    expect([existsSync(at.local('file')), existsSync(at.local('gone'))]).toEqual([true, false]);
    await all(at.ftp.rename$('file', 'gone'));
    expect([existsSync(at.local('file')), existsSync(at.local('gone'))]).toEqual([false, true]);
    expect(logins.values.length).toBeLessThanOrEqual(1);
    logins.unsubscribe();
  });

  it('can be begun by a command of the user, and ended by any other', async () => {
    await using at = await place.visit({ file: 'content' });
    for (let round = 0; round < 20; round += 1) {
      expect(await all(at.ftp.send$('RNFR file'))).toMatchObject([{ code: 350 }]);
      expect(await all(at.ftp.size$('file'))).toEqual([7]);
    }
    expect(await all(at.ftp.send$('RNFR file'))).toMatchObject([{ code: 350 }]);
    expect(await all(at.ftp.send$('RNTO gone'))).toMatchObject([{ code: 250 }]);
    expect([existsSync(at.local('file')), existsSync(at.local('gone'))]).toEqual([false, true]);
  });
});

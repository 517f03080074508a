/** A rename that is unsubscribed, or left between RNFR and RNTO, over real servers: ProFTPD would refuse whatever comes next. */
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

  const atOnce = name === 'vsftpd' || name === 'proftpd' || name === 'pure-ftpd';

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
      // RNTO has left already where the server takes both in one write.
      if (atOnce) await all(at.ftp.rename$('gone', 'file'));
      expect(await all(at.ftp.size$('file'))).toEqual([7]);
    }
    expect([existsSync(at.local('file')), existsSync(at.local('gone'))]).toEqual([true, false]);
    await all(at.ftp.rename$('file', 'gone'));
    expect([existsSync(at.local('file')), existsSync(at.local('gone'))]).toEqual([false, true]);
    expect(logins.values.length).toBeLessThanOrEqual(1);
    logins.unsubscribe();
  });

  it('never gives a name to another file than its own, whatever was refused before', async () => {
    await using at = await place.visit({ a: 'a', b: 'b', c: 'c', 'dir/d': 'd' });
    const renames = [
      ['a', 'none/a'],
      ['none', 'wrong1'],
      ['b', 'dir'],
      ['none', 'wrong2'],
      ['c', 'c2'],
    ] as const;
    const ended = await Promise.allSettled(renames.map(([from, to]) => all(at.ftp.rename$(from, to))));
    expect(ended.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'rejected', 'fulfilled']);
    expect(await all(at.ftp.send$('RNFR a'))).toMatchObject([{ code: 350 }]);
    await expect(all(at.ftp.rename$('none', 'wrong3'))).rejects.toMatchObject({ outcome: 'refused' });
    const found = ['a', 'b', 'c2', 'dir/d', 'wrong1', 'wrong2', 'wrong3'].map((path) => existsSync(at.local(path)));
    expect(found).toEqual([true, true, true, true, false, false, false]);
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

/** A configuration that refuses the name `.b.exe`, behind an RNFR that was taken. */
const PROHIBITING = {
  vsftpd: ['deny_file={*.exe}'],
  proftpd: ['PathDenyFilter "\\\\.exe$"'],
  'pure-ftpd': ['--prohibitdotfileswrite'],
} as const;

describeServers(['vsftpd', 'proftpd', 'pure-ftpd'], (name) => {
  let place: Workplace;
  beforeAll(async () => {
    place = await Workplace.open(name, { extra: PROHIBITING[name as keyof typeof PROHIBITING] });
  });
  afterAll(() => place?.close());

  it('gives no name to a file whose own new name was prohibited', async () => {
    await using at = await place.visit({ a: 'a' });
    const renames = [
      ['a', '.b.exe'],
      ['none', 'wrong1'],
      ['none', 'wrong2'],
    ] as const;
    const ended = await Promise.allSettled(renames.map(([from, to]) => all(at.ftp.rename$(from, to))));
    expect(ended.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(['a', '.b.exe', 'wrong1', 'wrong2'].map((path) => existsSync(at.local(path)))).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});

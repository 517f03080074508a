/** An upload that is to go on within a file, where a directory has that name: Pure-FTPd would rename it. */
import { readdir } from 'node:fs/promises';
import { filter } from 'rxjs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FtpUsageError } from '../../lib/index.js';
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

  it('is refused before anything is stored, and the directory stays', async () => {
    await using at = await place.visit({ 'sub/precious': 'x' });
    const stores = observe(at.ftp.command$.pipe(filter((line) => /^(REST|STOR)/.test(line))));
    const error = await observe(at.ftp.stor$('sub', 'abc', { start: 3, verify: 'size' })).failed;
    expect(error).toBeInstanceOf(FtpUsageError);
    expect(error).toMatchObject({ outcome: 'none' });
    expect(stores.values).toEqual([]);
    expect(await readdir(at.local('sub'))).toEqual(['precious']);
    stores.unsubscribe();
  });
});

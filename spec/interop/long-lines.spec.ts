/** Command lines as long as real servers take them, and one byte more: what was never sent cannot be misread. */
import { existsSync } from 'node:fs';
import { firstValueFrom } from 'rxjs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { profileOf } from '../../lib/control/server-profile.js';
import { FtpUsageError } from '../../lib/errors.js';
import { describeInterop } from '../support/interop/interop-server.js';
import { all, outcome } from '../support/interop/outcome.js';
import { Workplace } from '../support/interop/workplace.js';
import { describeServers } from '../support/real-servers/describe-servers.js';
import { serverNames } from '../support/real-servers/installed.js';

describeServers(serverNames, (name) => {
  let place: Workplace;
  let limit: number;
  beforeAll(async () => {
    place = await Workplace.open(name, {});
    await using at = await place.visit();
    const greeting = firstValueFrom(at.ftp.reply$);
    await all(at.ftp.noop$());
    limit = profileOf((await greeting).text).lineBytes ?? 0;
  });
  afterAll(() => place?.close());

  it('is known, and answers a line at its limit once, as any other', async () => {
    expect(limit).toBeGreaterThan(510);
    await using at = await place.visit({ file: 'content' });
    for (const verb of ['XQZZ', 'MDTM']) {
      const [reply, ...more] = await all(at.ftp.send$(`${verb} ${'q'.repeat(limit - 'XQZZ \r\n'.length)}`));
      expect([reply?.class, more]).toEqual([5, []]);
      expect(await all(at.ftp.pwd$())).toEqual([at.directory]);
    }
    expect(await all(at.ftp.size$('file'))).toEqual([7]);
  });

  it('is not sent a longer one, whose end would be a command of its own', async () => {
    await using at = await place.visit({ victim: 'content', file: 'four' }, { maxCommandBytes: 65_536 });
    const { ftp } = at;
    const bait = `${'q'.repeat(limit - 'SIZE '.length)}DELE victim`;
    const sent: string[] = [];
    ftp.command$.subscribe((line) => sent.push(line));
    await all(ftp.pwd$());
    sent.length = 0;
    const refused = [
      ftp.size$(bait),
      ftp.dele$(bait),
      ftp.send$(`XQZZ ${bait}`),
      ftp.retr$(bait),
      ftp.rename$('file', bait),
    ];
    for (const operation of [...refused, ftp.stor$(bait, 'x'), ftp.nlst$(bait)])
      expect(await outcome(operation)).toBe('not sent');
    await expect(all(ftp.cwd$(bait))).rejects.toBeInstanceOf(FtpUsageError);
    expect(sent).toEqual([]);
    expect(existsSync(at.local('victim'))).toBe(true);
    expect(await all(ftp.size$('victim'))).toEqual([7]);
    expect(await all(ftp.size$('file'))).toEqual([4]);
    expect(Buffer.concat(await all(ftp.retr$('victim'))).toString()).toBe('content');
  });
});

describeInterop(['ftp-srv'], (name) => {
  it('is not known, and is sent what the user says that it takes', async () => {
    const place = await Workplace.open(name, {});
    try {
      const path = `${'deep-directory/'.repeat(100)}file`;
      await using by = await place.visit({ [path]: 'content' });
      expect(await outcome(by.ftp.retr$(path))).toBe('not sent');
      await using at = await place.visit({ [path]: 'content' }, { maxCommandBytes: 4_096 });
      expect(Buffer.concat(await all(at.ftp.retr$(path))).toString()).toBe('content');
      expect(await all(at.ftp.size$(path))).toEqual([7]);
      expect(await all(at.ftp.pwd$())).toEqual([at.directory]);
    } finally {
      await place.close();
    }
  });
});

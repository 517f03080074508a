/** A directory that can be entered and not read (mode 311): no server's answer to its listing may count as an empty one. */
import { chmod } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FtpProtocolError, FtpReplyError, FtpTransferError } from '../../lib/errors.js';
import { all } from '../support/interop/outcome.js';
import { Workplace } from '../support/interop/workplace.js';
import { describeServers } from '../support/real-servers/describe-servers.js';
import { serverNames } from '../support/real-servers/installed.js';

describeServers(serverNames, (name) => {
  let place: Workplace;
  beforeAll(async () => {
    place = await Workplace.open(name, {});
  });
  afterAll(() => place?.close());

  it.each([
    [undefined, false],
    ['closed', false],
    [undefined, true],
    ['closed', true],
  ])('is never an empty listing: %s, with hidden files %s', async (path, hidden) => {
    await using at = await place.visit({ 'closed/a.txt': 'a', 'open/': '' });
    expect(await all(at.ftp.entries$('open', { hidden }))).toEqual([]);
    await chmod(at.local('closed'), 0o311);
    if (path === undefined) await all(at.ftp.cwd$('closed'));
    const listed = await all(at.ftp.entries$(path, { hidden })).catch((error: unknown) => error);
    // A server that runs as root reads it all the same.
    if (Array.isArray(listed)) expect(listed).toMatchObject([{ name: 'a.txt' }]);
    else expect([FtpProtocolError, FtpReplyError, FtpTransferError].some((kind) => listed instanceof kind)).toBe(true);
    if (name === 'vsftpd') expect(listed).toMatchObject({ reply: { code: 226 } });
  });
});

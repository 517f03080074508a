/** Every operation on every server, in clear text; and over IPv6 what depends on the address. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { all, last } from '../support/interop/outcome.js';
import { Workplace } from '../support/interop/workplace.js';
import { describeServers } from '../support/real-servers/describe-servers.js';
import { serverNames } from '../support/real-servers/installed.js';
import { describeOperations } from './operations/describe-operations.js';

describeOperations({});

describe('over IPv6', () => {
  describeServers(serverNames, (name) => {
    let place: Workplace;
    beforeAll(async () => {
      place = await Workplace.open(name, { bindAddress: '::1' });
    });
    afterAll(() => place?.close());

    it.each(['passive', 'active'] as const)('moves files, %s', async (mode) => {
      await using at = await place.visit({ file: 'content' }, { mode });
      expect(Buffer.concat(await all(at.ftp.retr$('file'))).toString()).toBe('content');
      await last(at.ftp.stor$('up', 'sent'));
      expect(await at.text('up')).toBe('sent');
      expect((await all(at.ftp.entries$())).map((entry) => entry.name).sort()).toEqual(['file', 'up']);
    });
  });
});

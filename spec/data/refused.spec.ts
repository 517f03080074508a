import { lastValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { FtpReplyError } from '../../lib/errors.js';
import { connected } from '../control/support/connected.js';
import { observe } from '../support/observe.js';

const files = { '/a': 'the content' };

describe('a transfer that is refused', () => {
  it.each([
    'RETR',
    'STOR',
    'LIST',
  ] as const)('is a refusal though the data connection was reset before: %s', async (verb) => {
    await using at = await connected({ files }, {}, (server) =>
      server.once(verb, async (session) => {
        await session.rawData();
        session.link?.reset();
        await new Promise(setImmediate);
        await session.reply('550 No.');
      }),
    );
    const transfers = { RETR: at.ftp.retr$('/a'), STOR: at.ftp.stor$('/b', 'x'), LIST: at.ftp.list$() };
    expect(await observe<unknown>(transfers[verb]).failed).toBeInstanceOf(FtpReplyError);
    expect(await lastValueFrom(at.ftp.size$('/a'))).toBe(files['/a'].length);
  });
});

/** A connector of the user's that fails, but not with an Error. */
import { describe, expect, it } from 'vitest';
import { type Connector, connectSocket, FtpConnectionError } from '../../lib/index.js';
import { observe } from '../support/observe.js';
import { scriptedServer } from '../support/scripted-server.js';
import { clientOf } from './support/open.js';

const NO_ERRORS = [undefined, null, 5, 'proxy said no', {}, { message: 5, code: 7 }, Object.create(null)];

describe('a connector that rejects with no Error', () => {
  it.each(NO_ERRORS)('is an FtpConnectionError with that as its cause: %j', async (thrown) => {
    await using server = await scriptedServer();
    for (const localPort of [undefined, 2121]) {
      await using ftp = clientOf(server, { localPort, connector: () => Promise.reject(thrown) });
      const error = (await observe(ftp.pwd$()).failed) as FtpConnectionError;
      expect(error).toBeInstanceOf(FtpConnectionError);
      expect(error.cause).toBe(thrown);
      expect(error.message).toMatch(/could not be opened: (no reason was given|proxy said no)\. Check host/);
    }
  });

  it('is one for a data connection too, and the session goes on', async () => {
    await using server = await scriptedServer({ files: { '/a': 'x' } });
    const connector: Connector = (endpoint, signal) =>
      endpoint.channel === 'data' ? Promise.reject() : connectSocket(endpoint, signal);
    await using ftp = clientOf(server, { connector });
    const error = await observe(ftp.retr$('/a')).failed;
    expect(error).toBeInstanceOf(FtpConnectionError);
    expect(error).toMatchObject({ channel: 'data', message: expect.stringContaining('no reason was given') });
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
  });
});

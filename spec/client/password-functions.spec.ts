/** A function given as `password` may never give one, or wait for the login that waits for it. */
import { lastValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { connect$, FtpClient, FtpConnectionError, FtpTimeoutError } from '../../lib/index.js';
import { observe } from '../support/observe.js';
import { scriptedServer } from '../support/scripted-server.js';
import { latch } from './support/latch.js';
import { clientOf, optionsFor } from './support/open.js';

const users = { ann: 'right' };
const never = (): Promise<string> => new Promise(() => undefined);

describe('a login whose password is a function', () => {
  it('ends in time where that waits for its own client', async () => {
    await using server = await scriptedServer({ users });
    const password = (): Promise<string> => lastValueFrom(ftp.pwd$());
    await using ftp = new FtpClient(optionsFor(server, { user: 'ann', connectTimeoutMs: 100, password }));
    const error = await observe(ftp.noop$()).failed;
    expect(error).toBeInstanceOf(FtpTimeoutError);
    expect(error).toMatchObject({ phase: 'login', afterMs: 100, outcome: 'none' });
    expect(String(error)).toMatch(/it waits for itself: let it use another FtpClient/);
    expect(server.commands).toEqual(['USER ann']);
  });

  it.each([false, true])('ends in time where that never ends, with pipelineLogin: %s', async (pipelineLogin) => {
    await using server = await scriptedServer({ users });
    const options = { user: 'ann', password: never, connectTimeoutMs: 100, pipelineLogin };
    await using ftp = clientOf(server, options);
    const operations = [observe(ftp.pwd$()), observe(ftp.noop$())];
    for (const { failed } of operations) expect(await failed).toBeInstanceOf(FtpTimeoutError);
    expect(await observe(connect$(optionsFor(server, options))).failed).toBeInstanceOf(FtpTimeoutError);
  });

  it('ends at once where the server leaves meanwhile', async () => {
    await using server = await scriptedServer({ users });
    const password = (): Promise<string> => {
      void server.sessions[0]?.closeControl('fin');
      return never();
    };
    await using ftp = clientOf(server, { user: 'ann', password });
    expect(await observe(ftp.pwd$()).failed).toBeInstanceOf(FtpConnectionError);
  });

  it('is given up with the operation that wanted it, and the next one asks again', async () => {
    await using server = await scriptedServer({ users });
    const asked = latch();
    const passwords = [never(), Promise.resolve('right')];
    const password = (): Promise<string> => {
      asked.open();
      return passwords.shift() ?? never();
    };
    await using ftp = clientOf(server, { user: 'ann', password });
    const first = observe(ftp.noop$());
    await asked.opened;
    first.unsubscribe();
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
  });

  it('takes the password that comes in time', async () => {
    await using server = await scriptedServer({ users });
    await using ftp = clientOf(server, { user: 'ann', password: async () => 'right' });
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
  });
});

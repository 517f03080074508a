/** `close$({ drain: true })` over real servers: all that was asked for is done before QUIT, on each session. */
import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connect$, FtpUsageError } from '../../lib/index.js';
import { Workplace } from '../support/interop/workplace.js';
import { observe } from '../support/observe.js';
import { describeServers } from '../support/real-servers/describe-servers.js';
import { serverNames } from '../support/real-servers/installed.js';

const big = randomBytes(4 * 1024 * 1024);

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

describeServers(serverNames, (name) => {
  let place: Workplace;
  beforeAll(async () => {
    place = await Workplace.open(name, {});
  });
  afterAll(() => place?.close());

  it.each([1, 3])('lets transfers and commands of a client finish, on %i sessions', async (maxSessions) => {
    await using at = await place.visit({ big, old: 'old' }, { maxSessions });
    const quits = observe(at.ftp.command$);
    const downloads = [1, 2, 3].map(() => observe(at.ftp.retr$('big')));
    const upload = observe(at.ftp.stor$('new', big, { verify: 'size' }));
    const renamed = observe(at.ftp.rename$('old', 'renamed'));
    await downloads[0]?.nth(1);
    const closing = observe(at.ftp.close$({ drain: true }));
    expect(observe(at.ftp.pwd$()).error).toBeInstanceOf(FtpUsageError);
    for (const { settled } of downloads) expect(sha256(Buffer.concat(await settled))).toBe(sha256(big));
    expect((await upload.settled).at(-1)).toMatchObject({ bytes: big.length, verified: true });
    await renamed.settled;
    expect(await closing.settled).toEqual([undefined]);
    expect(sha256(await at.bytes('new'))).toBe(sha256(big));
    expect(await at.text('renamed')).toBe('old');
    const said = quits.values.filter((line) => line === 'QUIT').length;
    expect(said).toBeGreaterThanOrEqual(1);
    expect(said).toBeLessThanOrEqual(maxSessions);
    expect(quits.values.at(-1)).toBe('QUIT');
  });

  it('lets those of a session finish, and completes connect$', async () => {
    await using at = await place.visit({ big });
    const opened = observe(connect$(at.options));
    const ftp = await opened.nth(1);
    const download = observe(ftp.retr$('big'));
    const size = observe(ftp.size$('big'));
    await download.nth(1);
    const closing = observe(ftp.close$({ drain: true }));
    expect(sha256(Buffer.concat(await download.settled))).toBe(sha256(big));
    expect(await size.settled).toEqual([big.length]);
    expect(await closing.settled).toEqual([undefined]);
    await opened.settled;
  });
});

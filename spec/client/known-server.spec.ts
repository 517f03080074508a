/** A client of a server that is known to take several commands in one write. */
import { describe, expect, it } from 'vitest';
import { FtpConnectionError, FtpReplyError, FtpUsageError } from '../../lib/index.js';
import { observe } from '../support/observe.js';
import { scriptedServer } from '../support/scripted-server.js';
import { afterLogin, clientOf } from './support/open.js';

const files = { '/a': 'hello', '/dir/b': 'b' };

/** As vsftpd says who it is. */
function known() {
  return scriptedServer({ files, greeting: '220 (vsFTPd 3.0.3)' });
}

describe('operations that go out together', () => {
  it('each get their own replies, in order', async () => {
    await using server = await known();
    await using ftp = clientOf(server);
    await observe(ftp.noop$()).settled;
    const sizes = [observe(ftp.size$('/a')), observe(ftp.size$('/no')), observe(ftp.size$('/dir/b'))];
    const pwd = observe(ftp.pwd$());
    expect(await sizes[0]?.settled).toEqual([5]);
    expect(await sizes[1]?.failed).toBeInstanceOf(FtpReplyError);
    expect(await sizes[2]?.settled).toEqual([1]);
    expect(await pwd.settled).toEqual(['/']);
    expect(server.sessions).toHaveLength(1);
  });

  it('are not mixed up when one of them is given up', async () => {
    await using server = await known();
    await using ftp = clientOf(server);
    await observe(ftp.noop$()).settled;
    const left = observe(ftp.pwd$());
    const helped = observe(ftp.help$());
    left.unsubscribe();
    expect((await helped.settled)[0]?.code).toBe(214);
    expect((await observe(ftp.syst$()).settled)[0]?.code).toBe(215);
    expect(left.values).toEqual([]);
  });

  it('all fail when the session is lost under them; nothing is sent twice', async () => {
    await using server = await known();
    await using ftp = clientOf(server);
    await observe(ftp.noop$()).settled;
    server.once('DELE', (session) => session.closeControl('rst'));
    const together = [observe(ftp.dele$('/a')), observe(ftp.dele$('/dir/b'))];
    expect(await together[0]?.failed).toBeInstanceOf(FtpConnectionError);
    const second = await together[1]?.ended;
    expect(['error', 'complete']).toContain(second);
    await observe(ftp.pwd$()).settled;
    expect(afterLogin(server).filter((line) => line === 'DELE /a')).toHaveLength(1);
    expect(afterLogin(server).filter((line) => line === 'DELE /dir/b')).toHaveLength(1);
  });

  it('do not pass an operation that needs the session for itself', async () => {
    await using server = await known();
    await using ftp = clientOf(server);
    await observe(ftp.noop$()).settled;
    const all = [observe(ftp.pwd$()), observe(ftp.cwd$('/dir')), observe(ftp.pwd$()), observe(ftp.retr$('b'))];
    for (const { settled } of all) await settled;
    expect(all[0]?.values).toEqual(['/']);
    expect(all[2]?.values).toEqual(['/dir']);
  });

  it('are refused one by one for a bad argument', async () => {
    await using server = await known();
    await using ftp = clientOf(server);
    await observe(ftp.noop$()).settled;
    const [good, bad, other] = [observe(ftp.size$('/a')), observe(ftp.size$('/a\n')), observe(ftp.size$('/dir/b'))];
    expect(await bad.failed).toBeInstanceOf(FtpUsageError);
    expect([await good.settled, await other.settled]).toEqual([[5], [1]]);
  });

  it('give SIZE up together with the TYPE before it', async () => {
    await using server = await known();
    await using ftp = clientOf(server);
    await observe(ftp.noop$()).settled;
    server.answer('TYPE', '504 Not that one.');
    expect(await observe(ftp.size$('/a')).failed).toMatchObject({ command: 'TYPE I', reply: { code: 504 } });
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
  });
});

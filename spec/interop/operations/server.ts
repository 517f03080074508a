/** The operations on the server itself, and commands by hand. */
import { expect, it } from 'vitest';
import { FtpReplyError, FtpUsageError } from '../../../lib/errors.js';
import { all, last, outcome } from '../../support/interop/outcome.js';
import type { Enter } from './place.js';

export function describeServer(enter: Enter): void {
  it('tells what it is and what it can', async () => {
    await using at = await enter();
    expect((await last(at.ftp.feat$())).has('MLST')).toBe(at.manners.mlsd);
    expect((await last(at.ftp.feat$())).has('SIZE')).toBe(true);
    expect(await last(at.ftp.syst$())).toMatchObject({ code: 215, text: expect.stringMatching(/^UNIX/) });
    expect((await last(at.ftp.stat$())).class).toBe(2);
    expect((await last(at.ftp.help$())).lines.length).toBeGreaterThan(1);
    expect((await last(at.ftp.noop$())).code).toBe(200);
  });

  it('takes settings that change nothing', async () => {
    await using at = await enter();
    expect((await last(at.ftp.type$('I'))).code).toBe(200);
    expect((await last(at.ftp.mode$('S'))).code).toBe(200);
    expect((await last(at.ftp.allo$(1000))).class).toBe(2);
    const { optsUtf8, acct, siteHelp } = at.manners;
    expect(await outcome(at.ftp.opts$('UTF8', 'ON'))).toBe(optsUtf8);
    expect(await outcome(at.ftp.acct$('account'))).toBe(acct);
    expect(await outcome(at.ftp.site$('HELP'))).toBe(siteHelp);
    expect([500, 502]).toContain(await outcome(at.ftp.smnt$('/')));
  });

  it('answers commands by hand', async () => {
    await using at = await enter({ file: 'content' });
    expect(await all(at.ftp.send$('NOOP'))).toMatchObject([{ code: 200 }]);
    expect(await all(at.ftp.send$('XYZZY'))).toMatchObject([{ code: at.manners.unknownCommand }]);
    await last(at.ftp.exchange$('RNFR file', { expect: 35 }));
    await last(at.ftp.exchange$('RNTO other', { expect: [226, 250] }));
    expect(await at.text('other')).toBe('content');
    await expect(all(at.ftp.exchange$('NOOP', { expect: 3 }))).rejects.toThrow(FtpReplyError);
    await expect(all(at.ftp.send$('RETR other'))).rejects.toThrow(FtpUsageError);
  });

  it('has nothing to abort', async () => {
    await using at = await enter();
    expect((await last(at.ftp.abor$())).code).toBe(at.manners.idleAbor);
    expect(await last(at.ftp.pwd$())).toBe(at.directory);
  });

  it('breaks off by ABOR what somebody waits for', async () => {
    await using at = await enter({ large: new Uint8Array(32 * 1024 * 1024) });
    const broken = new Promise((resolve, reject) => {
      at.ftp.retr$('large').subscribe({
        next: () => {
          if (abort !== undefined) return;
          abort = last(at.ftp.abor$());
        },
        error: resolve,
        complete: () => reject(new Error('was not broken off')),
      });
    });
    let abort: Promise<{ readonly class: number }> | undefined;
    expect(await broken).toMatchObject({ code: 'ERR_FTP_TRANSFER' });
    expect((await abort)?.class).toBe(2);
    expect(await last(at.ftp.pwd$())).toBe(at.directory);
  });
}

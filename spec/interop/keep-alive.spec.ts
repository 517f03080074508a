/** NOOPs while a real server transfers: when it answers them, and that the session is in step whatever it does. */
import { BehaviorSubject, type Observable, ReplaySubject, Subject, take } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FtpClient } from '../../lib/index.js';
import { describeInterop, type InteropName, namesFor } from '../support/interop/interop-server.js';
import { all } from '../support/interop/outcome.js';
import { type Visit, Workplace } from '../support/interop/workplace.js';
import { observe } from '../support/observe.js';

/** More than all buffers between a server and its client. */
const large = Buffer.alloc(48 * 1024 * 1024, 'one of many blocks of bytes; ');
const small = 'small';
const noops = 3;
/** When the NOOPs of a download, and of an upload, are answered, as seen on these servers. */
type When = 'during' | 'behind' | 'during by 500';
const inClear: Readonly<Record<InteropName, readonly [download: When, upload: When]>> = {
  vsftpd: ['behind', 'behind'],
  proftpd: ['behind', 'during'],
  'pure-ftpd': ['during by 500', 'during by 500'],
  pyftpdlib: ['during', 'during'],
  inetutils: ['behind', 'behind'],
  'ftp-srv': ['behind', 'behind'],
};
const underTls: typeof inClear = { ...inClear, proftpd: ['during', 'during'] };

/** The codes that came from here on, `NOOP` where one was sent. */
function watch(ftp: FtpClient): { readonly said: (string | number)[]; readonly sent: Promise<unknown> } {
  const said: (string | number)[] = [];
  const sent = new Promise((resolve) =>
    ftp.command$.subscribe((line) => {
      said.push(line === 'NOOP' ? line : '>');
      if (said.filter((word) => word === 'NOOP').length === noops) resolve(undefined);
    }),
  );
  ftp.reply$.subscribe(({ code }) => said.push(code));
  return { said, sent };
}

/** When the first answer to a NOOP came. */
function whenAnswered(said: readonly (string | number)[]): When | 'never' {
  const since = said.slice(said.indexOf('NOOP'));
  const answer = since.find((word) => word === 200 || word === 500);
  const final = since.indexOf(226);
  if (answer === undefined) return 'never';
  if (final >= 0 && since.indexOf(answer) > final) return 'behind';
  return answer === 200 ? 'during' : 'during by 500';
}

async function expectInStep({ ftp, directory }: Visit): Promise<void> {
  expect(await all(ftp.pwd$())).toEqual([directory]);
  expect(Buffer.concat(await all(ftp.retr$('small'))).toString()).toBe(small);
  expect(await all(ftp.size$('small'))).toEqual([small.length]);
  expect(await all(ftp.pwd$())).toEqual([directory]);
}

describe.each([false, 'explicit'] as const)('TLS: %s', (tls) => {
  describeInterop(namesFor({ tls }), (server) => {
    const [download, upload] = (tls === false ? inClear : underTls)[server];
    let place: Workplace;
    beforeAll(async () => {
      place = await Workplace.open(server, { tls });
    });
    afterAll(() => place?.close());

    const open = (files = {}): Promise<Visit> => place.visit({ small, ...files }, { transferKeepAliveMs: 20 });
    const held = (ftp: FtpClient, pause$: Observable<boolean>) => observe(ftp.retr$('large', { pause$ }));

    it(`answers ${download} a download, which arrives whole`, async () => {
      await using at = await open({ large });
      const { said, sent } = watch(at.ftp);
      const pause$ = new BehaviorSubject(false);
      const bytes = held(at.ftp, pause$);
      await bytes.nth(1);
      pause$.next(true);
      await sent;
      pause$.next(false);
      expect(Buffer.concat(await bytes.settled).equals(large)).toBe(true);
      await expectInStep(at);
      expect(whenAnswered(said), said.join(' ')).toBe(download);
    });

    it(`answers ${upload} an upload, which arrives whole`, async () => {
      await using at = await open();
      const { said, sent } = watch(at.ftp);
      const source = new ReplaySubject<Uint8Array>();
      const stored = observe(at.ftp.stor$('large', source));
      source.next(large.subarray(0, 1024));
      await sent;
      source.next(large.subarray(1024, 4096));
      source.complete();
      await stored.settled;
      await expectInStep(at);
      expect((await at.bytes('large')).equals(large.subarray(0, 4096))).toBe(true);
      expect(whenAnswered(said), said.join(' ')).toBe(upload);
    });

    it('is in step when a download is left, and an upload', async () => {
      await using at = await open({ large });
      const first = watch(at.ftp);
      const pause$ = new BehaviorSubject(false);
      const bytes = held(at.ftp, pause$);
      await bytes.nth(1);
      pause$.next(true);
      await first.sent;
      bytes.unsubscribe();
      await expectInStep(at);
      const second = watch(at.ftp);
      const stored = observe(at.ftp.stor$('part', new Subject<Uint8Array>()));
      await second.sent;
      stored.unsubscribe();
      await expectInStep(at);
    });

    it('lists with NOOPs on', async () => {
      await using at = await open();
      expect(await all(at.ftp.nlst$().pipe(take(1)))).toHaveLength(1);
      await expectInStep(at);
    });
  });
});

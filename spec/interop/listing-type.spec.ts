/** Listings in TYPE A and in TYPE I, byte by byte: on the servers where no type is set for one, they have to be alike. */
import { writeFile } from 'node:fs/promises';
import { firstValueFrom, lastValueFrom, switchMap, take } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FtpClient } from '../../lib/client/ftp-client.js';
import { profileOf } from '../../lib/control/server-profile.js';
import { FtpReplyError, FtpTransferError } from '../../lib/errors.js';
import { collectBytes } from '../../lib/streams/collect-bytes.js';
import { all } from '../support/interop/outcome.js';
import { type Visit, Workplace } from '../support/interop/workplace.js';
import { describeServers } from '../support/real-servers/describe-servers.js';
import { abilities, serverNames } from '../support/real-servers/installed.js';

const odd = [
  'plain',
  'cr\rinside',
  'cr at the end\r',
  'lf\ninside',
  'both\r\ninside',
  'tab\t',
  ' spaces  all over ',
  'a -> b',
  'quo"te',
  'back\\slash',
  '\u007f\u0001',
  'gr\u00fc\u00dfe \u65e5\u672c',
];
/** No UTF-8; 255 is what telnet begins its commands with. */
const raw = [[0xe9], [0xff, 0xff], [0xff, 0xf4], [0x80, 0x0d]];
/** More than 64 KiB of each listing. */
const many = Array.from({ length: 1500 }, (_, n) => `${n}-${'a-long-name-'.repeat(5)}`);
const listings = ['', ' many', ' empty', ' odd', ' many/*', ' -la', ' -R', ' odd/plain', ' missing'];

async function plant(place: Workplace): Promise<Visit> {
  const files = [...odd.map((name) => `odd/${name}`), ...many.map((name) => `many/${name}`), 'empty/'];
  const at = await place.visit(Object.fromEntries(files.map((name) => [name, name.endsWith('/') ? '' : name])));
  for (const bytes of raw) await writeFile(Buffer.concat([Buffer.from(at.local('odd/raw')), Buffer.from(bytes)]), '');
  return at;
}

/** Every byte of it, or how it was refused. */
async function listed(ftp: FtpClient, line: string): Promise<string> {
  const bytes$ = ftp.transfer$(line).pipe(
    switchMap(({ bytes }) => bytes),
    collectBytes(),
  );
  try {
    return Buffer.from(await lastValueFrom(bytes$)).toString('latin1');
  } catch (error) {
    if (error instanceof FtpReplyError || error instanceof FtpTransferError) return error.message;
    throw error;
  }
}

async function inType(ftp: FtpClient, type: string, verb: string): Promise<string[]> {
  await all(ftp.type$(type));
  const found: string[] = [];
  for (const listing of listings) found.push(await listed(ftp, `${verb}${listing}`));
  return found;
}

async function greetingOf(ftp: FtpClient): Promise<string> {
  const greeting = firstValueFrom(ftp.reply$);
  await all(ftp.pwd$());
  return (await greeting).text;
}

describe.each([false, 'explicit'] as const)('TLS: %s', (tls) => {
  const names = serverNames.filter((name) => tls === false || abilities[name].explicitTls);
  describeServers(names, (name) => {
    let place: Workplace;
    let alike: boolean;
    beforeAll(async () => {
      place = await Workplace.open(name, { tls });
      await using at = await place.visit();
      alike = profileOf(await greetingOf(at.ftp)).listsInAnyType === true;
    });
    afterAll(() => place?.close());

    it.each(['LIST', 'NLST'])('gives the same %s in both types, or is known not to', async (verb) => {
      await using at = await plant(place);
      const ascii = await inType(at.ftp, 'A', verb);
      const image = await inType(at.ftp, 'I', verb);
      expect(ascii[1]?.length).toBeGreaterThan(64 * 1024);
      if (alike) expect(image).toEqual(ascii);
      else expect(image).not.toEqual(ascii);
    });

    if (abilities[name].mlsd)
      it('gives the same MLSD in both, but for an LF in a name', async () => {
        await using at = await plant(place);
        const ascii = await inType(at.ftp, 'A', 'MLSD');
        const image = await inType(at.ftp, 'I', 'MLSD');
        expect(ascii[1]?.length).toBeGreaterThan(64 * 1024);
        // ProFTPD makes two lines of that name in TYPE A.
        const lineEndsAlike = (text: string): string => text.replace(/\r*\n/g, '\n');
        expect(image.map(lineEndsAlike)).toEqual(ascii.map(lineEndsAlike));
      });

    it('lists in turn with downloads, whole, and is in step after a listing that was left', async () => {
      await using at = await plant(place);
      const types: string[] = [];
      at.ftp.command$.subscribe((line) => {
        if (line.startsWith('TYPE')) types.push(line);
      });
      const wanted = await all(at.ftp.list$('many'));
      expect(wanted.filter((line) => line.includes('-a-long-name-'))).toHaveLength(many.length);
      for (let turn = 0; turn < 3; turn += 1) {
        expect(Buffer.concat(await all(at.ftp.retr$('odd/plain'))).toString()).toBe('odd/plain');
        expect(await all(at.ftp.list$('many').pipe(take(3)))).toEqual(wanted.slice(0, 3));
        expect(await all(at.ftp.pwd$())).toEqual([at.directory]);
        expect(await all(at.ftp.list$('many'))).toEqual(wanted);
      }
      expect(types).toEqual(alike ? ['TYPE I'] : ['TYPE I', 'TYPE A', 'TYPE I', 'TYPE A', 'TYPE I', 'TYPE A']);
    });
  });
});

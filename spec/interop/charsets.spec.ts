/**
 * Forty names in five charsets, and some in UTF-8, on real servers, which take names byte by byte. They are stored, listed in every
 * way, fetched, renamed and deleted. It inspects the files on the disk as bytes.
 */
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codecFor } from '../../lib/client/codec.js';
import { collectBytes } from '../../lib/index.js';
import { all, last } from '../support/interop/outcome.js';
import { type Visit, Workplace } from '../support/interop/workplace.js';
import { describeServers } from '../support/real-servers/describe-servers.js';
import { abilities, serverNames } from '../support/real-servers/installed.js';
import type { ServerName } from '../support/real-servers/real-server.js';

/** With blanks at the ends, arrows, quotes, what looks like an option, the byte 0xFF, and second bytes that are `\`, `|`, `[`, `{`. */
const charsets: Readonly<Record<string, readonly string[]>> = {
  utf8: ['日本.txt', 'ÿ', '-l', '-la', '--', '  both  ', '"quoted"', 'a -> b'],
  'windows-1251': ['Прайс-лист.txt', 'я', 'яяя', ' с краёв ', 'а -> б', '-ля', '"ёлка"', '№ 5 «а|б»'],
  'windows-1252': ['Größe €.txt', 'ÿ', 'cÿÿd', ' é ', 'é -> ü', '-lé', '"ö"', '‘ß’ {½}'],
  gbk: ['中文.txt', '廫亅乕亄', '\u3000全角\u3000', ' 中 ', '中 -> 文', '-l中', '"引"号', '€价'],
  shift_jis: ['ソ表能.txt', 'ポゼボ', 'ﾊﾝｶｸ', '\u3000\u3000', '表 -> 十', '-lソ', '"予"定', '纊Ⅰ～'],
  'euc-kr': ['한국어.txt', '가나다', '\u3000한', ' 국 ', '한 -> 국', '-l글', '"글"', '힝｜'],
};

/** pyftpdlib takes names for UTF-8, and stores others in place of those that are none. */
function charsetsOf(server: ServerName): string[] {
  return server === 'pyftpdlib' ? ['utf8'] : Object.keys(charsets);
}

/** Pure-FTPd puts other names in the place of those with a blank at an end, and refuses those with a byte of a backslash. */
function holds(server: ServerName, name: string, encoding: string): boolean {
  return server !== 'pure-ftpd' || !/^ | $|\\/.test(bytesOf(name, encoding).toString('latin1'));
}

function bytesOf(name: string, encoding: string): Buffer {
  return Buffer.from(codecFor(encoding).encode(name));
}

function onDisk(directory: string): string[] {
  const found = readdirSync(directory, { encoding: 'buffer' });
  return found.map((name) => name.toString('latin1')).sort();
}

async function listed(at: Visit, way: string): Promise<string[]> {
  if (way === 'NLST') return (await all(at.ftp.nlst$())).filter((name) => name !== '.' && name !== '..');
  if (way === 'MLSD') return (await all(at.ftp.mlsd$())).filter(({ type }) => type === 'file').map(({ name }) => name);
  const via = way === 'STAT' ? ({ via: 'stat' } as const) : {};
  return (await all(at.ftp.entries$(undefined, via))).map(({ name }) => name);
}

describeServers(serverNames, (server) => {
  let place: Workplace;
  beforeAll(async () => {
    place = await Workplace.open(server, {});
  });
  afterAll(() => place?.close());

  const names = (encoding: string): string[] =>
    (charsets[encoding] ?? []).filter((name) => holds(server, name, encoding));
  const ways = ['NLST', 'LIST', 'STAT', ...(abilities[server].mlsd ? ['MLSD'] : [])];

  async function exercise(place: Workplace, encoding: string): Promise<void> {
    const raw = (list: readonly string[]): string[] =>
      list.map((name) => bytesOf(name, encoding).toString('latin1')).sort();
    await using at = await place.visit({}, { encoding });
    const stored = names(encoding);
    for (const name of stored) await last(at.ftp.stor$(name, `of ${bytesOf(name, encoding).toString('hex')}`));
    expect(onDisk(at.local('.'))).toEqual(raw(stored));
    for (const way of ways) expect([way, (await listed(at, way)).sort()]).toEqual([way, [...stored].sort()]);
    for (const name of await listed(at, 'NLST')) {
      const content = await last(at.ftp.retr$(name).pipe(collectBytes()));
      expect(Buffer.from(content).toString()).toBe(`of ${bytesOf(name, encoding).toString('hex')}`);
      await last(at.ftp.rename$(name, `${name}.${name.trim()}`));
    }
    expect(onDisk(at.local('.'))).toEqual(raw(stored.map((name) => `${name}.${name.trim()}`)));
    for (const name of await listed(at, 'LIST')) await last(at.ftp.dele$(name));
    expect(onDisk(at.local('.'))).toEqual([]);
  }

  describe.each(charsetsOf(server))('%s', (encoding) => {
    it('names are stored, listed in every way, fetched, renamed and deleted', () => exercise(place, encoding));

    it('directories are made, entered, told by PWD, listed by their path and removed', async () => {
      await using at = await place.visit({}, { encoding });
      for (const name of names(encoding)) {
        expect((await last(at.ftp.mkd$(name))).endsWith(name)).toBe(true);
        await last(at.ftp.cwd$(name));
        expect(await last(at.ftp.pwd$())).toBe(`${at.directory}/${name}`);
        await last(at.ftp.stor$(name, ''));
        await last(at.ftp.cwd$(at.directory));
        expect((await all(at.ftp.entries$(name))).map((entry) => entry.name)).toEqual([name]);
        await last(at.ftp.dele$(`${name}/${name}`));
        await last(at.ftp.rmd$(name));
      }
      expect(onDisk(at.local('.'))).toEqual([]);
    });
  });

  it.runIf(abilities[server].explicitTls)('does the same over TLS', async () => {
    const secured = await Workplace.open(server, { tls: 'explicit' });
    try {
      await exercise(secured, server === 'pyftpdlib' ? 'utf8' : 'windows-1251');
    } finally {
      await secured.close();
    }
  });

  it.runIf(server !== 'pyftpdlib')('keeps names that are none in the charset', async () => {
    for (const [encoding, bytes] of [
      ['windows-1251', [0x98, 0xff, 0x98]],
      ['gbk', [0x61, 0xff, 0xff, 0x81]],
      ['shift_jis', [0xed, 0x40, 0x81, 0x20, 0xff]],
      ['euc-kr', [0xc7, 0x41, 0xfe]],
    ] as const) {
      await using at = await place.visit({}, { encoding });
      const name = codecFor(encoding).decode(Uint8Array.from(bytes));
      await last(at.ftp.stor$(name, 'x'));
      expect(onDisk(at.local('.'))).toEqual([Buffer.from(bytes).toString('latin1')]);
      for (const way of ways) expect(await listed(at, way)).toEqual([name]);
      await last(at.ftp.dele$(name));
      expect(onDisk(at.local('.'))).toEqual([]);
    }
  });
});

/** The pages for users of ftplib and basic-ftp name every method of those clients, and no method that is not ours. */
import { readFile } from 'node:fs/promises';
import { type AccessOptions, Client, type ClientOptions, FileInfo, FTPContext, type UploadOptions } from 'basic-ftp';
import { describe, expect, it } from 'vitest';
import * as main from '../../lib/index.js';
import * as recipes from '../../lib/recipes/index.js';
import { hasPython, orSkipped, python } from '../testing/support/programs.js';

const read = (path: string): Promise<string> => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');
const basicFtp = await read('docs/from-basic-ftp.md');
const ftplib = await read('docs/from-ftplib.md');

/** The code in the first cells of the tables. */
function firstCells(page: string): string {
  const cells = page.split('\n').flatMap((line) => (line.startsWith('| ') ? [line.split(' | ')[0] ?? ''] : []));
  return cells.flatMap((cell) => cell.match(/`[^`]*`/g) ?? []).join('\n');
}

/** Those of the names that `text` does not have as whole words. */
const missing = (names: readonly string[], text: string): string[] =>
  names.filter((name) => !new RegExp(`\\b${name}\\b`).test(text));

/** Every name with a `$` in the page, but for those that its examples declare. */
function ours(page: string): string[] {
  const declared = new Set([...page.matchAll(/^(?:function|const) (\w+\$)/gm)].map(([, name]) => name));
  return [...new Set(page.match(/\b[a-zA-Z]\w*\$/g) ?? [])].filter((name) => !declared.has(name));
}

const known = new Set([
  ...Object.keys(main),
  ...Object.keys(recipes),
  ...[main.FtpClient, main.FtpSession, Object.getPrototypeOf(main.FtpClient)].flatMap(({ prototype }) =>
    Object.getOwnPropertyNames(prototype),
  ),
]);

/** What a user may touch: no underscore, no constructor. */
function publicNames(instance: object): string[] {
  const names = [...Object.keys(instance), ...Object.getOwnPropertyNames(Object.getPrototypeOf(instance))];
  return names.filter((name) => !name.startsWith('_') && name !== 'constructor');
}

/** The options, which the compiler holds to be all there are. */
const OPTIONS: Readonly<Record<keyof AccessOptions | keyof ClientOptions | keyof UploadOptions, true>> = {
  host: true,
  port: true,
  user: true,
  password: true,
  secure: true,
  secureOptions: true,
  allowSeparateTransferHost: true,
  maxListingBytes: true,
  localStart: true,
  localEndInclusive: true,
};

describe('docs/from-basic-ftp.md', () => {
  const client = new Client();
  it.each([
    ['Client', publicNames(client)],
    ['FTPContext', publicNames(client.ftp)],
    ['FileInfo', [...publicNames(new FileInfo('a')), 'modifiedAt', 'permissions', 'link', 'group', 'user', 'uniqueID']],
    ['the options', Object.keys(OPTIONS)],
  ])('names all of %s', (_what, names) => {
    expect(names.length).toBeGreaterThan(9);
    expect(missing(names, firstCells(basicFtp))).toEqual([]);
  });

  it('is of the context that a Client has', () => {
    expect(client.ftp).toBeInstanceOf(FTPContext);
  });

  it('names no method of ours that is not there', () => {
    expect(ours(basicFtp)).toContain('entries$');
    expect(ours(basicFtp).filter((name) => !known.has(name))).toEqual([]);
  });
});

const PROGRAM = `
import ftplib, inspect, json
def own(c): return [n for n in vars(c) if n in ('__init__', '__enter__', '__exit__') or not n.startswith('_')]
def parameters(c):
    return [p for f in vars(c).values() if inspect.isfunction(f) for p in inspect.signature(f).parameters if p != 'self']
module = [n for n, v in vars(ftplib).items() if not n.startswith('_') and not inspect.ismodule(v)]
print(json.dumps({
    'the module': module, 'FTP': own(ftplib.FTP), 'FTP_TLS': own(ftplib.FTP_TLS),
    'the parameters': parameters(ftplib.FTP) + parameters(ftplib.FTP_TLS)}))
`;

describe.skipIf(!hasPython)(orSkipped('the tables for ftplib', hasPython), () => {
  it('name all that this Python has', async () => {
    const found: Readonly<Record<string, string[]>> = JSON.parse(await python(PROGRAM));
    expect(found.FTP).toEqual(expect.arrayContaining(['retrbinary', 'getwelcome', 'ntransfercmd', '__exit__']));
    const names = Object.entries(found).map(([what, all]) => [what, missing(all, firstCells(ftplib))]);
    expect(Object.fromEntries(names)).toEqual({ 'the module': [], FTP: [], FTP_TLS: [], 'the parameters': [] });
  });

  it('name no method of ours that is not there', () => {
    expect(ours(ftplib)).toContain('retrLines$');
    expect(ours(ftplib).filter((name) => !known.has(name))).toEqual([]);
  });
});

/** Links that pyftpdlib's MLSD shows as directories are told by its LIST; no other server is asked for that. */
import { lastValueFrom, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { FtpConnectionError } from '../../../lib/index.js';
import { remote, type TreeEntry, walk$ } from '../../../lib/recipes/index.js';
import { observe } from '../../support/observe.js';
import { type ListingStage, listingStage } from './support/listing-server.js';

/** As pyftpdlib 1.5.7 writes it. */
const row = (type: 'dir' | 'file', name: string): string =>
  `modify=20240203040506;perm=el;size=40;type=${type};unique=1bg48f1b; ${name}`;

const ls = (mode: string, name: string): string => `${mode}   1 ftp      ftp            40 Feb  3  2024 ${name}`;

const MLSD = {
  '/t': [row('dir', 'd'), row('file', 'f'), row('dir', 'l')],
  '/t/d': [row('file', 'x')],
  '/t/l': [row('file', 'y')],
};
const LIST = [ls('drwxr-xr-x', 'd'), ls('-rw-r--r--', 'f'), ls('lrwxrwxrwx', 'l -> /outside')];

interface Stage extends ListingStage {
  /** How often LIST was sent. */
  lists(): number;
}

async function stage(
  list: readonly string[] | string,
  mlsd: Readonly<Record<string, string[]>> = MLSD,
): Promise<Stage> {
  const at = await listingStage('MLSD', mlsd);
  at.server.on('LIST', async (session) => {
    if (typeof list === 'string') return session.reply(list);
    await session.reply('150 Here it comes.');
    await session.sendData(list.map((each) => `${each}\r\n`).join(''));
    await session.reply('226 Done.');
  });
  return { ...at, lists: () => at.server.commands.filter((line) => line.startsWith('LIST')).length };
}

const walked = (at: ListingStage, links: 'show' | 'follow' = 'show'): Promise<TreeEntry[]> =>
  lastValueFrom(walk$(remote(at.ftp, '/t'), { links }).pipe(toArray()));

const kinds = (entries: readonly TreeEntry[]): string[] =>
  entries.map(({ kind, path }) => `${kind} ${path}`).toSorted();

const AS_DIRECTORIES = ['directory d', 'directory l', 'file d/x', 'file f', 'file l/y'];

describe('a link that MLSD shows as a directory', () => {
  it('is a link where LIST shows it as one, and is not entered', async () => {
    await using at = await stage(LIST);
    const entries = await walked(at);
    expect(kinds(entries)).toEqual(['directory d', 'file d/x', 'file f', 'symlink l']);
    expect(entries.find(({ name }) => name === 'l')).toMatchObject({ target: '/outside', dialect: 'mlsx' });
    expect(at.listed).toEqual(['/t', '/t/d']);
    // Only one directory has others in it.
    expect(at.lists()).toBe(1);
  });

  it('is followed where that is asked for', async () => {
    await using at = await stage(LIST);
    at.server.on('MLST', (session, path) => session.reply(`250-Here.`, ` type=dir; ${path}`, '250 End.'));
    expect(kinds(await walked(at, 'follow'))).toEqual(AS_DIRECTORIES);
  });

  it.each([
    ['LIST is refused', '550 No.'],
    ['a row of LIST is not understood', [...LIST.slice(0, 2), 'what is this row']],
    ['a directory has its name', [...LIST, ls('drwxr-xr-x', 'l')]],
    ['LIST does not show it', LIST.slice(0, 2)],
  ])('stays a directory where %s', async (_why, list) => {
    await using at = await stage(list);
    expect(kinds(await walked(at))).toEqual(AS_DIRECTORIES);
  });

  it('ends the walk where the session is lost', async () => {
    await using at = await stage(LIST);
    at.server.on('LIST', (session) => session.closeControl('rst'));
    expect(await observe(walk$(remote(at.ftp, '/t'))).failed).toBeInstanceOf(FtpConnectionError);
  });

  it('is not asked for once the walk is left', async () => {
    await using at = await stage(LIST);
    const walk = observe(walk$(remote(at.ftp, '/t')), { next: (_entry, { unsubscribe }) => unsubscribe.call(walk) });
    await walk.ended;
    await observe(at.ftp.noop$()).settled;
    expect(at.lists()).toBe(0);
  });

  it('costs no LIST on servers whose rows are others', async () => {
    const others = [
      'modify=20240203040506;perm=flcdmpe;type=dir;unique=1BU48F28;UNIX.mode=0755; d',
      'type=dir;sizd=40;modify=20240203040506;UNIX.mode=0755;unique=1bg48f35; e',
      'type=dir;modify=20240203040506; g',
    ];
    await using at = await stage(LIST, { '/t': others, '/t/d': [], '/t/e': [], '/t/g': [] });
    expect(kinds(await walked(at))).toEqual(['directory d', 'directory e', 'directory g']);
    expect(at.lists()).toBe(0);
  });
});

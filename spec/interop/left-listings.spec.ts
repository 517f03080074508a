/** Listings of real servers in `for await` loops and chains, to their end and left before it: the session is in step after each. */
import { filter, map, type Observable, take } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EntriesOptions } from '../../lib/client/operations/entries.js';
import { type FtpClient, lines, type ValueStream } from '../../lib/index.js';
import { describeInterop, interopNames } from '../support/interop/interop-server.js';
import { manners } from '../support/interop/manners.js';
import { all } from '../support/interop/outcome.js';
import { type Visit, Workplace } from '../support/interop/workplace.js';

const names = Array.from({ length: 300 }, (_, n) => `file-${n}`).sort();
const tree = Object.fromEntries(names.map((name) => [`dir/${name}`, `${name}\r\nends\r\n`]));

/** The options of the listing, and whether it goes by MLSD. */
const ways: Readonly<Record<string, readonly [EntriesOptions, boolean]>> = {
  MLSD: [{}, true],
  LIST: [{}, false],
  'LIST -a': [{ hidden: true }, false],
  STAT: [{ via: 'stat' }, false],
  'LIST and MDTM': [{ precise: true }, false],
  'LIST and a measured zone': [{ timeZone: 'auto' }, false],
};

async function collected<T>(values: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const value of values) found.push(value);
  return found;
}

async function requireInStep(at: Visit, list: () => Observable<string>): Promise<void> {
  expect(await all(at.ftp.pwd$())).toEqual([at.directory]);
  expect((await all(list())).sort()).toEqual(names);
  expect(await all(at.ftp.pwd$())).toEqual([at.directory]);
}

describeInterop(interopNames, (server) => {
  let place: Workplace;
  beforeAll(async () => {
    place = await Workplace.open(server, {});
  });
  afterAll(() => place?.close());

  const here = Object.entries(ways).filter(([, [, isMlsd]]) => !isMlsd || manners[server].mlsd);

  describe.each(here)('%s', (_way, [options, isMlsd]) => {
    const open = (): Promise<Visit> => place.visit(tree, { features: isMlsd ? 'ask' : [] });
    const listing = (ftp: FtpClient): ValueStream<string> => ftp.entries$('dir', options).pipe(map(({ name }) => name));

    it('is iterated to its end, and left by a break', async () => {
      await using at = await open();
      const { ftp } = at;
      expect((await collected(listing(ftp))).sort()).toEqual(names);
      for await (const name of listing(ftp)) {
        expect(names).toContain(name);
        break;
      }
      await requireInStep(at, () => listing(ftp));
    });

    it('is left by an operator, and at once', async () => {
      await using at = await open();
      const { ftp } = at;
      expect(await all(listing(ftp).pipe(take(2)))).toHaveLength(2);
      listing(ftp).subscribe().unsubscribe();
      await requireInStep(at, () => listing(ftp));
    });
  });

  it('iterates a chain on the bytes of a file', async () => {
    await using at = await place.visit(tree);
    const chain = at.ftp.retr$('dir/file-7').pipe(
      lines(),
      filter((line) => line !== 'ends'),
    );
    expect(await collected(chain)).toEqual(['file-7']);
    for await (const line of at.ftp.retr$('dir/file-7').pipe(lines())) {
      expect(line).toBe('file-7');
      break;
    }
    expect(await all(at.ftp.pwd$())).toEqual([at.directory]);
  });
});

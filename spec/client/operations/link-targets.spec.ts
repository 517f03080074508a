import { describe, expect, it } from 'vitest';
import { LinkTargets } from '../../../lib/client/operations/link-targets.js';
import { parseFacts } from '../../../lib/protocol/facts.js';
import { fileEntryFromFacts } from '../../../lib/protocol/listing/file-entry.js';
import { observe } from '../../support/observe.js';
import { scriptedServer } from '../../support/scripted-server.js';
import { clientOf } from '../support/open.js';

const LINK = 'type=OS.unix=symlink;unique=8U7; x';
const TARGET = 'type=dir;unique=8U7; /home/y';
const OTHER = 'type=file;unique=1; z';

/** The names and targets that come out, and after how many rows. */
function taken(...rows: string[]): (readonly [number, string, string | undefined])[] {
  const seen: (readonly [number, string, string | undefined])[] = [];
  let count = 0;
  const links = new LinkTargets(({ name, target }) => seen.push([count, name, target]));
  for (const row of rows) {
    count += 1;
    const entry = fileEntryFromFacts(parseFacts(row), row);
    if (entry !== undefined) links.take(entry);
  }
  count += 1;
  links.end();
  return seen;
}

describe('LinkTargets', () => {
  it.each([[[LINK, TARGET]], [[TARGET, LINK]]])('makes one entry of a link and the row of its target: %j', (rows) => {
    expect(taken(...rows)).toEqual([[2, 'x', '/home/y']]);
  });

  it('does not hold other rows back', () => {
    expect(taken(LINK, OTHER, TARGET)).toEqual([
      [2, 'z', undefined],
      [3, 'x', '/home/y'],
    ]);
  });

  it.each([[LINK], [TARGET]])('gives %j alone as it is', (row) => {
    expect(taken(row, OTHER)).toEqual([
      [2, 'z', undefined],
      [3, expect.any(String), undefined],
    ]);
  });

  it('waits for 64 rows', () => {
    const others = Array.from({ length: 70 }, (_, n) => `type=file;unique=${n}; ${n}`);
    expect(taken(LINK, ...others).find(([, name]) => name === 'x')).toEqual([65, 'x', undefined]);
  });

  it('leaves rows alone that say enough by themselves', () => {
    const rows = [
      'type=OS.unix=slink:/t;unique=8U7; x',
      'type=OS.unix=symlink; y',
      'type=file;unique=8U7; hard',
      OTHER,
    ];
    expect(taken(...rows)).toEqual([
      [1, 'x', '/t'],
      [2, 'y', undefined],
      [3, 'hard', undefined],
      [4, 'z', undefined],
    ]);
  });

  it('loses none of several of one file', () => {
    expect(taken(LINK, LINK.replace(' x', ' x2'), TARGET).map(([, name, target]) => [name, target])).toEqual([
      ['x2', undefined],
      ['x', '/home/y'],
    ]);
  });
});

it('entries$ gives one entry for a link by MLSD', async () => {
  await using server = await scriptedServer();
  server.on('MLSD', async (session) => {
    await session.reply('150 Ok.');
    await session.sendData(`${LINK}\r\n${TARGET}\r\n${OTHER}\r\n`);
    await session.reply('226 Done.');
  });
  await using ftp = clientOf(server);
  expect(await observe(ftp.entries$()).settled).toMatchObject([
    { name: 'x', kind: 'symlink', target: '/home/y', unique: '8U7' },
    { name: 'z', kind: 'file' },
  ]);
});

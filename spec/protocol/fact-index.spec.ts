import { describe, expect, it } from 'vitest';
import { FACTS, FactIndex } from '../../lib/protocol/fact-index.js';

function valueIn(index: FactIndex, line: string, fact: number): string | undefined {
  const found = index.of(line, line.indexOf(' '));
  return found.start(fact) === -1 ? undefined : line.slice(found.start(fact), found.end(fact));
}

describe('FactIndex', () => {
  it('finds the facts of each row, whatever rows came before', () => {
    const index = new FactIndex();
    const rows: readonly [string, string | undefined, string | undefined][] = [
      ['type=file;size=1; a', 'file', '1'],
      ['type=dir;size=22; b', 'dir', '22'],
      ['size=3;type=cdir; c', 'cdir', '3'],
      ['TYPE=file;x;SIZE=4; d', 'file', '4'],
      ['sizes=5;type=file; e', 'file', undefined],
      ['; type=file', undefined, undefined],
      ['type=dir;size=22; b', 'dir', '22'],
    ];
    for (const [line, type, size] of rows) {
      expect([valueIn(index, line, FACTS.type), valueIn(index, line, FACTS.size)]).toEqual([type, size]);
    }
  });

  it('takes the first of two, and the last without its semicolon', () => {
    const index = new FactIndex();
    expect(valueIn(index, 'size=1;size=2;unique=a x', FACTS.size)).toBe('1');
    expect(valueIn(index, 'size=1;size=2;unique=a x', FACTS.unique)).toBe('a');
  });

  it('finds every fact that it knows', () => {
    const names = 'type size sizd modify create perm unique UNIX.mode media-type charset lang UNIX.ownername UNIX.owner'
      .split(' ')
      .concat(['UNIX.uid', 'UNIX.groupname', 'UNIX.group', 'UNIX.gid']);
    expect(Object.values(FACTS).map((fact, at) => valueIn(new FactIndex(), `${names[at]}=v; x`, fact))).toEqual(
      names.map(() => 'v'),
    );
  });
});

/** The ASCII type, and transfers by hand. */
import { mergeMap } from 'rxjs';
import { expect, it } from 'vitest';
import { collectBytes } from '../../../lib/streams/collect-bytes.js';
import { all, last } from '../../support/interop/outcome.js';
import type { Enter } from './place.js';

export function describeText(enter: Enter): void {
  it('retrieves lines', async () => {
    await using at = await enter({ text: 'one\ntwo\n\nvier \u00fc\nlast', nothing: '' });
    expect(await all(at.ftp.retrLines$('text'))).toEqual(['one', 'two', '', 'vier \u00fc', 'last']);
    expect(await all(at.ftp.retrLines$('nothing'))).toEqual([]);
  });

  it('stores lines', async () => {
    await using at = await enter();
    await last(at.ftp.storLines$('text', ['one', 'two', '', 'four']));
    const { lineEnd } = at.manners;
    expect(await at.text('text')).toBe(['one', 'two', '', 'four', ''].join(lineEnd));
    expect(await all(at.ftp.retrLines$('text'))).toEqual(['one', 'two', '', 'four']);
  });

  it('counts bytes as they lie on the disk, whatever type is set', async () => {
    await using at = await enter({ text: 'one\ntwo\n' });
    await last(at.ftp.type$('A'));
    expect(await last(at.ftp.size$('text'))).toBe(8);
  });

  it('transfers by hand, in the type that was set', async () => {
    await using at = await enter({ text: 'one\ntwo\n' });
    const read = (line: string): Promise<Uint8Array> =>
      last(at.ftp.transfer$(line).pipe(mergeMap(({ bytes }) => bytes.pipe(collectBytes()))));
    await last(at.ftp.type$('I'));
    await last(at.ftp.send$('TYPE I'));
    expect(Buffer.from(await read('RETR text')).toString()).toBe('one\ntwo\n');
    await last(at.ftp.send$('TYPE A'));
    expect(Buffer.from(await read('RETR text')).toString()).toBe(['one', 'two', ''].join(at.manners.wireLineEnd));
    await last(at.ftp.send$('TYPE I'));
    await all(at.ftp.transfer$('STOR up', { source: 'by hand' }).pipe(mergeMap(({ bytes }) => bytes)));
    expect(await at.text('up')).toBe('by hand');
  });
}

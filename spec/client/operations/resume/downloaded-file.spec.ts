import { describe, expect, it } from 'vitest';
import { DownloadedFile } from '../../../../lib/client/operations/resume/downloaded-file.js';
import { FtpTransferError, type RetrOptions } from '../../../../lib/index.js';
import { sessionTelling } from './support/told-facts.js';

function file(options: RetrOptions = {}): DownloadedFile {
  return new DownloadedFile({ path: '/a', command: 'RETR /a', options, overlapBytes: 2 });
}

const bytes = Buffer.from('abcde');

describe('a downloaded file', () => {
  it('counts what was handed on, and keeps the overlap', async () => {
    const of = file({ start: 3 });
    await of.identify(sessionTelling({ SIZE: '213 10', MDTM: '213 1' }).real);
    expect([of.size, of.total, of.isWhole]).toEqual([10, 7, false]);
    of.add(bytes);
    expect([of.delivered, of.position, of.start]).toEqual([5, 8, 3]);
    expect(Buffer.from(of.overlap).toString()).toBe('de');
  });

  it('is whole when it was read from its first byte, and not up to an `end`', () => {
    const [whole, part] = [file(), file({ end: 5 })];
    for (const each of [whole, part]) each.add(bytes);
    expect([whole.isWhole, part.isWhole]).toEqual([true, false]);
  });

  it('is another one when a fact differs after the first byte', async () => {
    const of = file();
    const session = sessionTelling({ SIZE: ['213 10', '213 11'], MDTM: '213 1' });
    await of.identify(session.real);
    of.add(bytes);
    const changed = await of.identify(session.real).catch((error: unknown) => error);
    expect(changed).toBeInstanceOf(FtpTransferError);
    expect(changed).toMatchObject({ changed: true, transient: false, bytes: 5, command: 'RETR /a' });
  });

  it('may be another one before the first byte', async () => {
    const of = file();
    const session = sessionTelling({ SIZE: ['213 10', '213 11'], MDTM: ['213 1', '213 2'] });
    await of.identify(session.real);
    await of.identify(session.real);
    expect(of.size).toBe(11);
  });

  it('keeps a fact that is not told any more on a server without it', async () => {
    const of = file();
    await of.identify(sessionTelling({ SIZE: '213 10', MDTM: '502 No.' }).real);
    of.add(bytes);
    await of.identify(sessionTelling({ SIZE: '213 10', MDTM: '213 1' }).real);
    expect(of.size).toBe(10);
  });

  it('begins so many bytes before its end', async () => {
    const of = file({ start: -4 });
    expect(of.total).toBeUndefined();
    await of.identify(sessionTelling({ SIZE: '213 10', MDTM: '213 1' }).real);
    expect([of.start, of.total]).toEqual([6, 4]);
  });

  it('learns its size from a preliminary reply, unless that may be the size of the part', () => {
    const [whole, part] = [file(), file({ end: 8 })];
    for (const each of [whole, part]) each.announced(8);
    expect([whole.size, part.size]).toEqual([8, undefined]);
  });

  it('has the size of the option, which SIZE overrules where it is verified', async () => {
    const [named, verified] = [file({ size: 7 }), file({ size: 7, verify: 'size' })];
    for (const each of [named, verified]) await each.identify(sessionTelling({ SIZE: '213 9', MDTM: '502 No.' }).real);
    expect([named.size, verified.size]).toEqual([7, 9]);
  });
});

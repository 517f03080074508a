/** A download resumed at the very end of the file, where some servers refuse the offset. */
import { describe, expect, it } from 'vitest';
import type { RetrOptions } from '../../lib/client/operations/transfer-options.js';
import { FtpReplyError } from '../../lib/errors.js';
import { connected } from '../control/support/connected.js';
import { observe } from '../support/observe.js';
import { fetch } from './support/fetch.js';

const files = { '/a': 'hello' };
const refusals = [
  '554 Requested action not taken: invalid REST parameter.',
  '550 Seek error.',
  '551 Restart.',
  '501 Offset out of range.',
  '502 No REST here.',
  '556 Out of the file.',
];

describe('a download that starts at the very end of the file', () => {
  it.each(
    refusals.flatMap((reply) => [
      ['RETR', reply],
      ['REST', reply],
    ]),
  )('is empty and complete where %s is answered by %s', async (verb, reply) => {
    await using at = await connected({ files }, {}, (server) => server.once(verb, (session) => session.reply(reply)));
    expect(await fetch(at, '/a', { start: 5 })).toBe('');
    expect(at.commands.at(-1)).toBe('SIZE /a');
    expect(await fetch(at, '/a')).toBe('hello');
    expect(at.server.sessions).toHaveLength(1);
  });

  it.each<[string, RetrOptions, readonly string[]]>([
    ['the option size', { size: 5 }, []],
    ['SIZE', { verify: 'size' }, ['SIZE /a']],
  ])('is empty and complete where %s has named the end, and nothing more is asked', async (_who, options, asked) => {
    await using at = await connected({ files }, {}, (server) =>
      server.once('RETR', (session) => session.reply('501 Offset.')),
    );
    const download = observe(at.ftp.retr$('/a', { start: 5, ...options }));
    expect(await download.settled).toEqual([]);
    expect(at.commands.filter((line) => line.startsWith('SIZE'))).toEqual(asked);
  });

  it('is the refusal where the option size names another end', async () => {
    await using at = await connected({ files }, {}, (server) => server.answer('RETR', '501 Offset.'));
    expect(await observe(at.ftp.retr$('/a', { start: 5, size: 6 })).failed).toBeInstanceOf(FtpReplyError);
    expect(at.commands).not.toContain('SIZE /a');
  });

  it('asks nothing more where the refusal is for now', async () => {
    await using at = await connected({ files }, {}, (server) => server.answer('RETR', '450 Busy.'));
    expect(await observe(at.ftp.retr$('/a', { start: 5 })).failed).toMatchObject({ transient: true });
    expect(at.commands).not.toContain('SIZE /a');
  });

  it('is empty and complete where the server sends nothing from there', async () => {
    await using at = await connected({ files });
    expect(await fetch(at, '/a', { start: 5 })).toBe('');
    expect(at.commands).not.toContain('SIZE /a');
  });

  it.each([
    ['before the end', 4, '213 5'],
    ['beyond the end', 6, '213 5'],
    ['SIZE is refused', 5, '550 No such file.'],
    ['SIZE is not known', 5, '502 What?'],
    ['SIZE names none', 5, '213 File status'],
  ])('is the refusal where that is not the end: %s', async (_why, start, size) => {
    await using at = await connected({ files }, {}, (server) =>
      server.answer('RETR', '550 Seek error.').answer('SIZE', size),
    );
    const download = observe(at.ftp.retr$('/a', { start }));
    const error = await download.failed;
    expect(error).toBeInstanceOf(FtpReplyError);
    expect(error).toMatchObject({ command: 'RETR /a', reply: { code: 550 } });
    expect(await observe(at.ftp.pwd$()).settled).toEqual(['/']);
  });

  it.each([
    ['without an offset', {}],
    ['in ASCII, where SIZE counts other bytes', { start: 5, type: 'ascii' }],
  ] as const)('asks nothing more %s', async (_why, options) => {
    await using at = await connected({ files }, {}, (server) => server.answer('RETR', '550 No.'));
    expect(await observe(at.ftp.retr$('/a', options)).failed).toBeInstanceOf(FtpReplyError);
    expect(at.commands).not.toContain('SIZE /a');
  });
});

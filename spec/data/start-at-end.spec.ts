/** A download resumed at the very end of the file, where some servers refuse the offset. */
import { describe, expect, it } from 'vitest';
import { FtpReplyError } from '../../lib/errors.js';
import { connected } from '../control/support/connected.js';
import { observe } from '../support/observe.js';
import { fetch } from './support/fetch.js';

const files = { '/a': 'hello' };
const refusals = ['554 Requested action not taken: invalid REST parameter.', '550 Seek error.', '551 Restart.'];

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

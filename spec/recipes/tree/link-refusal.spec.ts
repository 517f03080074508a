/** Directories and links that a server shows as directories. */
import { describe, expect, it } from 'vitest';
import { FtpReplyError, FtpSecurityError } from '../../../lib/errors.js';
import { isRefusalOfLink, linkRefusal } from '../../../lib/recipes/tree/link-refusal.js';

const refused = (text: string, code = 550): FtpReplyError =>
  new FtpReplyError(`RMD d was refused: ${code} ${text}`, {
    command: 'RMD d',
    reply: { code, lines: [text], text, class: code < 500 ? 4 : 5 },
  });
const { signal } = new AbortController();

/** Errors, or undefined where the server removes. */
function tree(dele: Error | undefined, rmd: Error | undefined) {
  const sent: string[] = [];
  const answer = (verb: string, error: Error | undefined) => async (path: string) => {
    sent.push(`${verb} ${path}`);
    if (error !== undefined) throw error;
  };
  return { sent, removeFile: answer('DELE', dele), removeDirectory: answer('RMD', rmd) };
}

describe('linkRefusal', () => {
  const no = refused('Directory not empty');

  it.each([
    ['a link on POSIX', undefined, no, undefined, ['DELE d']],
    ['a link on Windows', no, undefined, undefined, ['DELE d', 'RMD d']],
    ['a directory with files', no, no, no, ['DELE d', 'RMD d']],
  ] as const)('of %s', async (_what, dele, rmd, refusal, sent) => {
    const at = tree(dele, rmd);
    expect(await linkRefusal(at, 'd', signal)).toBe(refusal);
    expect(at.sent).toEqual(sent);
  });

  it('rejects with what is no refusal, and with any error behind an abort', async () => {
    const error = new FtpSecurityError('No.');
    await expect(linkRefusal(tree(error, no), 'd', signal)).rejects.toBe(error);
    await expect(linkRefusal(tree(no, no), 'd', AbortSignal.abort())).rejects.toBe(no);
  });
});

it.each([
  ['Directory not empty', 550, false],
  ['Permission denied', 550, true],
  ['Try again', 450, true],
] as const)('%s (%i) may be of a link: %s', (text, code, mayBe) => {
  expect(isRefusalOfLink(refused(text, code))).toBe(mayBe);
});

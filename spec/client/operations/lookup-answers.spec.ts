import { describe, expect, it } from 'vitest';
import { saysMissing, saysNoDirectory, undecided } from '../../../lib/client/operations/lookup-answers.js';
import { FtpProtocolError, FtpReplyError, FtpUnsupportedError } from '../../../lib/errors.js';
import { createReply } from '../../../lib/protocol/reply.js';

const reply = (code: number, text: string): ReturnType<typeof createReply> => createReply(code, [text]);
const refusal = (text: string): FtpReplyError =>
  new FtpReplyError(text, { command: 'SIZE a', reply: reply(550, text) });

describe('saysMissing', () => {
  it.each([
    [550, '/a: No such file or directory'],
    [550, 'File not found'],
    [550, 'The system cannot find the file specified. '],
    [550, "Couldn't find it: the file doesn't exist"],
    [550, 'a: does not exist.'],
    [550, 'Nonexistent file'],
    [501, 'No such directory.'],
    [553, 'No such path'],
    [450, 'No such file'],
  ])('is true of %i %j', (code, text) => {
    expect(saysMissing(reply(code, text))).toBe(true);
  });

  it.each([
    [550, 'Could not get file size.'],
    [550, "'/a' cannot be listed"],
    [550, 'Permission denied'],
    [550, 'No such file or directory, or access denied'],
    [550, 'Not a regular file'],
    [550, 'a: Is a directory'],
    [550, 'Failed to change directory.'],
    [500, 'No such command'],
    [502, 'Command not found'],
    [530, 'User not found'],
    [451, 'No such device'],
    [250, 'No such file'],
    [353, 'No such file'],
  ])('is false of %i %j', (code, text) => {
    expect(saysMissing(reply(code, text))).toBe(false);
  });
});

describe('saysNoDirectory', () => {
  it('is true of a path through a file', () => {
    expect(saysNoDirectory(reply(550, 'a/b: Not a directory'))).toBe(true);
    expect(saysNoDirectory(reply(550, 'No such directory'))).toBe(false);
  });
});

describe('undecided', () => {
  it('is the first reason, with the path', () => {
    const error = undecided('/a', [refusal('Failed.'), refusal('Not now.')]);
    expect(error).toBeInstanceOf(FtpReplyError);
    expect(error).toMatchObject({
      command: 'SIZE a',
      reply: { text: 'Failed.' },
      transient: false,
      outcome: 'refused',
    });
    expect(error.message).toBe('The client cannot tell whether /a exists: Failed.');
  });

  it('is that of rights, where one of them is', () => {
    const error = undecided('/a', [refusal('Failed.'), refusal('Permission denied.')]);
    expect(error).toMatchObject({ reply: { text: 'Permission denied.' } });
  });

  it('is a listing that was not understood, with its rows', () => {
    const listing = new FtpProtocolError('1 row', { unparsed: ['x\u0007', 'y'] });
    const error = undecided('/a', [listing]);
    expect(error).toMatchObject({ code: 'ERR_FTP_PROTOCOL', unparsed: ['x\u0007', 'y'], cause: listing });
    expect(error.message).toContain('The client cannot tell whether /a exists');
    expect(error.message).toContain('"x\\x07"');
  });

  it('is a server that has nothing to ask', () => {
    expect(undecided('/a\u0007', [])).toBeInstanceOf(FtpUnsupportedError);
    expect(undecided('/a\u0007', []).message).not.toContain('\u0007');
  });
});

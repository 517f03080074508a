import { describe, expect, it } from 'vitest';
import { FtpProtocolError } from '../../lib/errors.js';
import { parseMlst } from '../../lib/protocol/mlst.js';
import { createReply } from '../../lib/protocol/reply.js';

const replyOf = (...lines: string[]): ReturnType<typeof createReply> => createReply(250, lines);

describe('parseMlst', () => {
  it.each([
    ['one space', ' type=file;size=5; doc', 'doc'],
    ['no space', 'type=file;size=5; doc', 'doc'],
    ['two spaces', '  type=file;size=5; doc', 'doc'],
    ['more of them, and tabs', ' \t   type=file;size=5; doc', 'doc'],
    ['a name with spaces', '  type=file;size=5;   a  b ', '  a  b '],
    ['an equals sign in the name', ' type=file;size=5; a=b; c', 'a=b; c'],
  ])('reads the entry behind %s', (_what, line, name) => {
    const entry = parseMlst(replyOf('x', line, 'End'));
    expect([entry.name, entry.type, entry.size]).toEqual([name, 'file', 5]);
  });

  it.each([
    ['  doc', 'doc'],
    ['   doc', ' doc'],
  ])('reads a name without facts: %j', (line, name) => {
    expect(parseMlst(replyOf('x', line, 'End')).name).toBe(name);
  });

  it('throws where there is no entry', () => {
    expect(() => parseMlst(replyOf('x', '', 'End'))).toThrow(FtpProtocolError);
  });
});

/** The error of a tree, and those of its parts. */
import { describe, expect, it } from 'vitest';
import { FtpConnectionError, FtpError, FtpReplyError, isFtpError } from '../../../lib/index.js';
import { FtpTreeError, TreeErrors, withPath } from '../../../lib/recipes/tree/tree-error.js';

const reply = { code: 550, class: 5, text: 'No.', lines: ['No.'] } as const;
const refused = new FtpReplyError('CWD was refused', { reply, command: 'CWD d' });
const lost = new FtpConnectionError('lost', { channel: 'data', phase: 'transfer' });

describe('withPath', () => {
  it('is the same error, of the same class, with a path', () => {
    const error = withPath(refused, 'a/b');
    expect(error).toBeInstanceOf(FtpReplyError);
    expect(error).toMatchObject({ path: 'a/b', message: refused.message, reply, command: 'CWD d', outcome: 'refused' });
    expect('path' in refused).toBe(false);
    expect(withPath(lost, 'x')).toMatchObject({ channel: 'data', phase: 'transfer', transient: true });
  });

  it("keeps what Node's errors say, but for their path", () => {
    const node = Object.assign(new Error('EACCES: no'), { code: 'EACCES', syscall: 'opendir', path: '/home/me/a' });
    const error = withPath(node, 'a');
    expect(error).toMatchObject({ message: 'EACCES: no', code: 'EACCES', syscall: 'opendir', path: 'a', cause: node });
    expect(node.path).toBe('/home/me/a');
  });

  it('makes an error of what is none', () => {
    expect(withPath('thrown', 'a')).toMatchObject({ message: 'thrown', path: 'a' });
  });
});

describe('TreeErrors', () => {
  it('have no whole where nothing has failed', () => {
    expect(new TreeErrors().whole()).toBeUndefined();
  });

  it.each([
    [[refused], false],
    [[lost], true],
    [[lost, refused], false],
  ] as const)('make one error, that is transient if all are', (parts, transient) => {
    const errors = new TreeErrors();
    for (const [index, part] of parts.entries()) errors.add(`p${index}`, part);
    const whole = errors.whole();
    expect(whole).toBeInstanceOf(FtpTreeError);
    expect(whole).toBeInstanceOf(FtpError);
    expect(isFtpError(whole)).toBe(true);
    expect(whole).toMatchObject({ code: 'ERR_FTP_TREE', name: 'FtpTreeError', count: parts.length, transient });
    expect(whole?.cause).toBe(whole?.errors[0]);
    expect(whole?.message).toContain('"p0"');
  });

  it('keep a thousand, and count the others', () => {
    const errors = new TreeErrors();
    for (let index = 0; index < 1500; index += 1) errors.add('', refused);
    expect(errors.whole()?.errors).toHaveLength(1000);
    expect(errors.whole()).toMatchObject({ count: 1500, message: expect.stringContaining('1500 parts') });
    expect(errors.whole()?.message).toContain('the root');
  });

  it('show no path that would steer a terminal', () => {
    const errors = new TreeErrors();
    errors.add('a\u001b[2J', refused);
    expect(errors.whole()?.message).toContain('a\\x1b[2J');
  });
});

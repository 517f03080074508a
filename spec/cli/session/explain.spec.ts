import { describe, expect, it } from 'vitest';
import { errorValue, explain } from '../../../lib/cli/session/explain.js';
import { FtpReplyError } from '../../../lib/index.js';

describe('an error is explained', () => {
  it('on one line that steers no terminal', () => {
    expect(explain(new Error('a\r\n  b\u001b[31m'))).toBe('a b\\x1b[31m');
    expect(explain('text')).toBe('text');
  });

  it("in the command's words", () => {
    expect(explain(new Error("the server takes no login without TLS: set secure: 'explicit'"))).toBe(
      'the server takes no login without TLS: use a URL that begins with ftpes:',
    );
    expect(explain(new Error('The option tls cannot be used: fingerprint256 must be 64 digits.'))).toBe(
      'The fingerprint of --pin must be 64 digits.',
    );
    expect(explain(new Error('give tls.cert and tls.key'))).toBe('give --cert and --key');
    expect(explain(new Error("1 row was not understood. With unparsed: 'report' the listing completes."))).toBe(
      '1 row was not understood.',
    );
    expect(explain(new Error('To write into a device: pipeline(retr$(remote), createWriteStream(local)).'))).toBe(
      'To write into a device: rxftp cat URL > FILE.',
    );
    expect(explain(new Error('publish$ replaces directories'))).toBe('rxftp publish replaces directories');
    expect(explain(new Error('or set secure: false if'))).toBe('or use a URL that begins with ftp: if');
    expect(explain(new Error('RETR opens a data connection: use transfer$.'))).toMatch(/: use rxftp get, put or ls\.$/);
  });

  it('without the login of a URL', () => {
    expect(explain(new Error("ENOENT: no such file, access 'ftp://me:p/w @d@h/a'"))).toBe(
      "ENOENT: no such file, access 'ftp://***@h/a'",
    );
  });

  it('as a value, with its reply', () => {
    const reply = { code: 550, class: 5, text: 'No.', lines: ['No.'] } as const;
    expect(errorValue(new FtpReplyError('refused', { command: 'RETR a', reply }), 5)).toMatchObject({
      error: {
        name: 'FtpReplyError',
        code: 'ERR_FTP_REPLY',
        status: 5,
        command: 'RETR a',
        reply: { code: 550, text: 'No.' },
      },
    });
  });
});

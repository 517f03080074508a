import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FtpUsageError } from '../../lib/errors.js';
import {
  type Command,
  command,
  commandFromLine,
  encodeCommand,
  maskSecret,
  secretsIn,
} from '../../lib/protocol/command.js';
import { decodeUtf8, encodeLatin1, encodeUtf8 } from '../../lib/protocol/encoding.js';

const SECRET = 'hunter2-canary';

/** What is thrown by `run`, which has to throw. */
function thrownBy(run: () => unknown): FtpUsageError {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(FtpUsageError);
    return error as FtpUsageError;
  }
  throw new Error('nothing was thrown');
}

describe('command', () => {
  it.each<[string, (string | undefined)[], string]>([
    ['NOOP', [], 'NOOP'],
    ['retr', ['a b'], 'RETR a b'],
    ['RETR', ['  spaces kept  '], 'RETR   spaces kept  '],
    ['LIST', ['-a', undefined], 'LIST -a'],
    ['STAT', [undefined], 'STAT'],
    ['CWD', [''], 'CWD '],
    ['site', ['CHMOD', '644', 'x'], 'SITE CHMOD 644 x'],
    ['XSHA256', ['x'], 'XSHA256 x'],
    ['DELE', ['\udc80\udcff'], 'DELE \udc80\udcff'],
    ['DELE', ['😀'], 'DELE 😀'],
  ])('makes %s and %j one line', (verb, args, line) => {
    expect(command(verb, ...args)).toMatchObject({ verb: verb.toUpperCase(), line });
  });

  it('takes a line as it is, but the verb in upper case', () => {
    expect(commandFromLine('site chmod 644  x ')).toMatchObject({ verb: 'SITE', line: 'site chmod 644  x ' });
    expect(commandFromLine('noop')).toMatchObject({ verb: 'NOOP', line: 'noop' });
  });

  it('is frozen: what was checked is what is sent', () => {
    expect(Object.isFrozen(command('NOOP'))).toBe(true);
  });

  describe('injection (GHSA-chqc-8p9q-pq6q, GHSA-6v7q-wjvx-w8wg, GHSA-8mhj-xm4h-m5m6, CVE-2023-36049)', () => {
    it.each([
      ['\r', 'a carriage return'],
      ['\n', 'a line feed'],
      ['\r\n', 'a carriage return'],
      ['\0', 'a NUL'],
    ])('refuses %j wherever it stands', (character, name) => {
      for (const text of [character, `${character}a`, `a${character}`, `a${character}DELE b`]) {
        expect(thrownBy(() => command('MKD', 'fine', text)).message).toBe(`MKD was not sent: argument 2 holds ${name}`);
        expect(thrownBy(() => commandFromLine(`MKD ${text}`)).message).toBe(`MKD was not sent: the line holds ${name}`);
      }
    });

    it.each([
      '',
      ' NOOP',
      'NO-OP',
      'NOOP\r\n',
      'NOOP\n',
      '1NOOP',
      'NÖÖP',
      'PASS x',
      'NOOP\0',
    ])('refuses the verb %j', (verb) => {
      expect(thrownBy(() => command(verb)).code).toBe('ERR_FTP_USAGE');
    });

    it.each(['', ' ', ' NOOP', 'NO\tOP', 'NOOP\r\nDELE x'])('refuses the line %j', (line) => {
      expect(thrownBy(() => commandFromLine(line)).code).toBe('ERR_FTP_USAGE');
    });

    it.each([
      '\ud800',
      '\ud800a',
      '\udbff',
      '\udc00',
      '\udc7f',
      '\udd00',
      '\udfff',
    ])('refuses the stray surrogate %j', (text) => {
      expect(thrownBy(() => command('DELE', text)).message).toContain('unpaired surrogate');
    });

    it.each([
      '\u010a',
      '\u010d',
      '\u0100',
      '\u560a',
    ])('refuses %j when the encoding cuts it to a terminator', (text) => {
      const truncate = (line: string): Uint8Array =>
        Uint8Array.from(line, (character) => character.charCodeAt(0) & 0xff);
      expect(thrownBy(() => encodeCommand(command('MKD', text), truncate)).message).toContain('the encoded line holds');
      expect(thrownBy(() => encodeCommand(command('MKD', text), encodeLatin1)).code).toBe('ERR_FTP_USAGE');
    });

    it('puts exactly one CRLF on the wire for any text it accepts', () => {
      const part = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\r', '\n', '\0', '\r\n', ' '));
      const text = fc.array(part, { maxLength: 4 }).map((parts) => parts.join(''));
      fc.assert(
        fc.property(fc.array(text, { maxLength: 3 }), (args) => {
          const forbidden = args.some((argument) => /[\r\n\0]/.test(argument));
          if (forbidden) {
            expect(() => command('STOR', ...args)).toThrow(FtpUsageError);
            return;
          }
          const bytes = encodeCommand(command('STOR', ...args), encodeUtf8);
          expect(decodeUtf8(bytes)).toBe(`${['STOR', ...args].join(' ')}\r\n`);
          expect(bytes.filter((byte) => byte === 0x0a || byte === 0x0d || byte === 0)).toHaveLength(2);
        }),
        { numRuns: 300 },
      );
    });
  });

  describe('secrets', () => {
    it.each<[Command, string]>([
      [command('PASS', SECRET), 'PASS ***'],
      [command('pass', ''), 'PASS ***'],
      [command('ACCT', SECRET), 'ACCT ***'],
      [commandFromLine(`pass ${SECRET} x`), 'PASS ***'],
      [command('PASS'), 'PASS'],
      [command('USER', 'joe'), 'USER joe'],
      [command('SITE', `PSWD ${SECRET} ${SECRET}`), 'SITE PSWD ***'],
      [command('site', `passwd  ${SECRET}`), 'SITE passwd ***'],
      [command('SITE', `CHPASS ann ${SECRET}`), 'SITE CHPASS ann ***'],
      [command('SITE', `ADDUSER ann ${SECRET} *@*`), 'SITE ADDUSER ann ***'],
      [command('SITE', 'PSWD'), 'SITE PSWD'],
      [command('SITE', 'CHMOD 600 passwd'), 'SITE CHMOD 600 passwd'],
      [command('DELE', '\x1b[2J'), 'DELE \\x1b[2J'],
    ])('shows %# as %s', ({ masked }, shown) => {
      expect(masked).toBe(shown);
    });

    it.each<[Command, readonly string[] | undefined]>([
      [command('PASS', 'a b'), ['a b']],
      [command('ACCT', 'x'), ['x']],
      [command('SITE', 'PSWD old  new'), ['old', 'new']],
      [command('SITE', 'CHPASS ann new'), ['new']],
      [command('SITE', 'CHMOD 600 a'), undefined],
      [command('USER', 'joe'), undefined],
    ])('knows those of %#: %j', (sent, secrets) => {
      expect(secretsIn(sent)).toEqual(secrets);
    });

    it('shows a long line whole', () => {
      expect(command('DELE', 'x'.repeat(5000)).masked).toHaveLength(5005);
    });

    it.each([
      () => command('PASS', `${SECRET}\r\n`),
      () => command('PASS', `${SECRET}\ud800`),
      () => command(`PASS ${SECRET}`),
      () => commandFromLine(`PASS\t${SECRET}`),
      () => commandFromLine(`PASS ${SECRET}\n`),
      () => encodeCommand(command('PASS', `${SECRET}\u010a`), (line) => Buffer.from(line, 'latin1')),
      () => encodeCommand(command('PASS', `${SECRET}文`), encodeLatin1),
    ])('keeps the secret out of error %#', (run) => {
      expect(inspect(thrownBy(run), { depth: 9 })).not.toContain(SECRET);
    });
  });
});

describe('encodeCommand', () => {
  it('leaves 0xFF as it is: servers take names byte by byte', () => {
    expect([...encodeCommand(command('DELE', '\udcff'), encodeUtf8)]).toEqual([
      0x44, 0x45, 0x4c, 0x45, 0x20, 0xff, 0x0d, 0x0a,
    ]);
  });
});

describe('the length of a line', () => {
  it.each([
    ['DELE abc', 10],
    ['DELE \u00e9', 9],
  ])('is counted in bytes, with CRLF: %s', (line, bytes) => {
    expect(encodeCommand(commandFromLine(line), encodeUtf8, bytes)).toHaveLength(bytes);
    expect(() => encodeCommand(commandFromLine(line), encodeUtf8, bytes - 1)).toThrow(
      expect.objectContaining({
        code: 'ERR_FTP_USAGE',
        command: 'DELE',
        message: expect.stringMatching(
          `^DELE was not sent: its line would have ${bytes} bytes .* ${bytes - 1} .*cwd\\$`,
        ),
      }),
    );
  });

  it('is refused with the advice that was given', () => {
    const refused = () => encodeCommand(command('DELE', 'abc'), encodeUtf8, 9, 'Try something else.');
    expect(refused).toThrow(/name it from there\. Try something else\.$/);
  });

  it('is not limited by default', () => {
    expect(encodeCommand(command('DELE', 'x'.repeat(100_000)), encodeUtf8)).toHaveLength(100_007);
  });
});

describe('maskSecret', () => {
  it.each([
    ['bad password "hunter2", hunter2!', ['hunter2'], 'bad password "***", ***!'],
    ['nothing of it', ['hunter2'], 'nothing of it'],
    ['hunter2000', ['hunter2', 'hunter2000'], '***'],
    ['a b ab abc', ['', 'a', 'ab', 'abc'], 'a b ab ***'],
    ['$& $1', ['$&x', '$1'], '$& $1'],
    ['text', [], 'text'],
  ])('masks %j of %j', (text, secrets, masked) => {
    expect(maskSecret(text, secrets)).toBe(masked);
  });
});

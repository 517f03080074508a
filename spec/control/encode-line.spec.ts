import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { codecFor } from '../../lib/client/codec.js';
import { encodeLine, lineLimit, sendable } from '../../lib/control/encode-line.js';
import { profileOf } from '../../lib/control/server-profile.js';
import { FtpUsageError } from '../../lib/errors.js';
import { command, encodeCommand } from '../../lib/protocol/command.js';

const UTF16 = codecFor({
  encode: (text) => Buffer.from(text, 'utf16le'),
  decode: (bytes) => Buffer.from(bytes).toString('utf16le'),
});

describe('a line', () => {
  it.each([
    'utf8',
    'latin1',
    'windows-1252',
    'gb18030',
  ])('of %s, as Node writes it, has the bytes of encodeCommand', (encoding) => {
    const codec = codecFor(encoding);
    const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('a', ' ', '~', '\x7f', '\t', 'é', 'ÿ') }));
    fc.assert(
      fc.property(text, (argument) => {
        fc.pre(!/[\r\n\0]/.test(argument));
        const line = command('RETR', argument);
        const written = Buffer.from(encodeLine(line, codec));
        expect(written).toEqual(Buffer.from(encodeCommand(line, codec.encode)));
        expect(encodeLine(line, codec)).toHaveLength(written.length);
      }),
    );
  });

  it.each([
    'latin1',
    'windows-1251',
    'shift_jis',
  ])('of %s that cannot be encoded is an error with its verb', (encoding) => {
    const encode = (): unknown => encodeLine(command('PASS', 'sesame한'), codecFor(encoding));
    expect(encode).toThrow(FtpUsageError);
    expect(encode).toThrow(/does not have/);
    expect(encode).toThrow(/: PASS was not sent$/);
    expect(encode).toThrow(expect.objectContaining({ command: 'PASS', outcome: 'none' }));
    expect(encode).not.toThrow(/sesame|한/);
  });

  it('hands on what else a codec of the user throws', () => {
    const failing = codecFor({
      encode: () => {
        throw new RangeError('mine');
      },
      decode: () => '',
    });
    expect(() => encodeLine(command('NOOP'), failing)).toThrow(new RangeError('mine'));
  });

  it('of plain text is not made bytes of by the codecs that leave it alone', () => {
    expect(encodeLine(command('RETR', 'a b'), codecFor('utf8'))).toBe('RETR a b\r\n');
    expect(encodeLine(command('RETR', 'é'), codecFor('utf8'))).toBeInstanceOf(Uint8Array);
  });

  it('is what another codec makes of it, plain or not, and is checked as that', () => {
    const rot: Parameters<typeof codecFor>[0] = {
      encode: (text) => Buffer.from(text).map((byte) => byte ^ 0x20),
      decode: () => '',
    };
    expect(Buffer.from(encodeLine(command('NOOP'), codecFor(rot))).toString()).toBe('noop\r\n');
    expect(() => encodeLine(command('NOOP'), UTF16)).toThrow(/holds a NUL/);
  });

  it.each(['a', 'é'])('of %s is refused when it is longer than the limit, CRLF included', (letter) => {
    const line = command('RETR', letter);
    const { length } = encodeLine(line, codecFor('utf8'));
    expect(encodeLine(line, codecFor('utf8'), { bytes: length, advice: '' })).toHaveLength(length);
    const tooLong = (): unknown => encodeLine(line, codecFor('utf8'), { bytes: length - 1, advice: 'Advice.' });
    expect(tooLong).toThrow(FtpUsageError);
    expect(tooLong).toThrow(new RegExp(`would have ${length} bytes .* no more than ${length - 1} .* Advice\\.$`));
  });
});

describe('a sendable command', () => {
  const NO_LIMIT = { bytes: 1_000, advice: '' };

  it('is encoded once, however often it is measured and sent', () => {
    const codec = codecFor({ encode: vi.fn((text: string) => Buffer.from(text)), decode: () => '' });
    const encode = vi.spyOn(codec, 'encode');
    const line = sendable(command('RETR', 'é'), codec);
    const [measured, sent] = [encodeLine(line, codec), encodeLine(line, codec, NO_LIMIT)];
    expect(measured).toBe(sent);
    expect(Buffer.from(sent).toString()).toBe('RETR é\r\n');
    expect(encode).toHaveBeenCalledTimes(1);
  });

  it('is held against each limit', () => {
    const line = sendable(command('RETR', 'long'), codecFor('utf8'));
    expect(() => encodeLine(line, codecFor('utf8'), { bytes: 10, advice: '' })).toThrow(/11 bytes/);
  });

  it('is encoded again by another codec, and where 0xFF is sent twice', () => {
    const line = sendable(command('RETR', '\xff'), codecFor('latin1'));
    expect(encodeLine(line, codecFor('utf8'))).toHaveLength(line.encoded.length + 1);
    const doubled = encodeLine(line, codecFor('latin1'), { ...NO_LIMIT, doublesIac: true });
    expect(Buffer.from(doubled).toString('latin1')).toBe('RETR \xff\xff\r\n');
  });

  it('is refused when it is made, where the codec cannot write it', () => {
    expect(() => sendable(command('RETR', 'ł'), codecFor('latin1'))).toThrow(FtpUsageError);
  });
});

const other = profileOf('Ready');
const inetutils = profileOf('host FTP server (GNU inetutils 2.4) ready.');

describe('how long a command line may be', () => {
  it.each([
    ['a server that is not known', other, undefined, 510, true],
    ['as the user says', other, 20_000, 20_000, true],
    ['as the user says, for less', other, 100, 100, true],
    ['a known server', inetutils, undefined, 511, false],
    ['a known server, whatever the user says', inetutils, 20_000, 511, false],
    ['a known server, as the user says for less', inetutils, 100, 100, true],
  ])('goes by both: %s', (_name, profile, maxCommandBytes, bytes, canBeRaised) => {
    const limit = lineLimit(profile, maxCommandBytes);
    expect(limit.bytes).toBe(bytes);
    expect(limit.advice.includes('maxCommandBytes')).toBe(canBeRaised);
  });
});

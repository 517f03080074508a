import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ControlLines } from '../../lib/testing/control-lines.js';

const bytesOf = (text: string): Buffer => Buffer.from(text, 'latin1');

/** The commands that the chunks give. */
function read(...chunks: readonly string[]): string[] {
  const lines = new ControlLines();
  return chunks.flatMap((chunk) => lines.push(bytesOf(chunk)));
}

const IP = '\xff\xf4';
const SYNCH = '\xff\xf2';

describe('the lines of a control connection', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['whole lines', ['USER me\r\nPASS x\r\n'], ['USER me', 'PASS x']],
    ['lines that end in LF', ['NOOP\nPWD\n'], ['NOOP', 'PWD']],
    ['UTF-8', ['RETR \xc3\xbc\r\n'], ['RETR ü']],
    ['ABOR', ['ABOR\r\n'], ['ABOR']],
    ['ABOR behind IP and Synch', [`${IP}${SYNCH}ABOR\r\n`], ['ABOR']],
    ['ABOR whose LF was urgent', ['ABOR\r'], ['ABOR']],
    ['ABOR whose LF was urgent, and the command behind it', ['abor\r', 'NOOP\r\n'], ['ABOR', 'NOOP']],
    ['ABOR whose LF comes later', ['ABOR\r', '\nNOOP\r\n'], ['ABOR', 'NOOP']],
    ['ABOR behind another command', ['NOOP\r\nABOR\r'], ['NOOP', 'ABOR']],
    ['IP and Synch whose DM was urgent', [`${IP}\xff`, 'ABOR\r\n'], ['ABOR']],
    ['IP and Synch whose IAC was urgent', [`${IP}\xf2ABOR\r`], ['ABOR']],
    ['ABOR with an argument', ['ABOR x\r'], []],
    ['another verb without LF', ['NOOP\r'], []],
    ['Telnet alone', [`${IP}${SYNCH}\r\n`], ['']],
  ])('%s', (_what, chunks, lines) => {
    expect(read(...chunks)).toEqual(lines);
  });

  it('are the same however the bytes are cut', () => {
    const text = `USER me\r\n${IP}${SYNCH}ABOR\r\nRETR ABOR\r\nABOR\r\n\r\nNOOP\n`;
    const whole = read(text);
    expect(whole).toEqual(['USER me', 'ABOR', 'RETR ABOR', 'ABOR', '', 'NOOP']);
    fc.assert(
      fc.property(fc.array(fc.nat(text.length)), (cuts) => {
        const ends = [0, ...cuts.sort((a, b) => a - b), text.length];
        const chunks = ends.slice(1).map((end, index) => text.slice(ends[index], end));
        expect(read(...chunks.filter((chunk) => chunk !== ''))).toEqual(whole);
      }),
    );
  });

  it('have a limit', () => {
    const lines = new ControlLines();
    expect(lines.push(bytesOf(`${'x'.repeat(65_536)}\r\n`))).toHaveLength(1);
    expect(() => lines.push(bytesOf('x'.repeat(65_537)))).toThrow('65536 bytes');
  });
});

import { describe, expect, it } from 'vitest';
import { readCommand } from '../../lib/testing/command-line.js';

describe('a command line', () => {
  it.each([
    ['retr a b', 'RETR', 'a b', 'RETR a b'],
    ['NOOP', 'NOOP', '', 'NOOP'],
    ['STOR ', 'STOR', '', 'STOR '],
    ['RETR  a', 'RETR', ' a', 'RETR  a'],
    ['pass x', 'PASS', 'x', 'PASS ***'],
    ['PASS ', 'PASS', '', 'PASS'],
    ['ACCT x', 'ACCT', 'x', 'ACCT ***'],
    ['', '', '', ''],
    ['\x16\x03\x01', '\x16\x03\x01', '', '\\x16\\x03\\x01'],
    ['RETR a\0b', 'RETR', 'a\0b', 'RETR a\\x00b'],
    ['RETR \x1b[2J', 'RETR', '\x1b[2J', 'RETR \\x1b[2J'],
    ['RETR \udcff', 'RETR', '\udcff', 'RETR \\xff'],
  ])('is taken apart: %j', (line, verb, argument, shown) => {
    expect(readCommand(line)).toEqual({ verb, argument, shown });
  });
});

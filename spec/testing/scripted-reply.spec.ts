import { describe, expect, it } from 'vitest';
import { areReplies } from '../../lib/testing/scripted-reply.js';

describe('the lines of a handler', () => {
  it.each<[boolean, readonly unknown[]]>([
    [true, []],
    [true, ['213 5']],
    [true, ['200']],
    [true, ['632 xyz']],
    [true, ['150 Here.', '226 Done.']],
    [true, ['211-Features:', ' SIZE', '550 is a code in between', '211-Again', '211 End']],
    [true, ['213-5', '213']],
    [false, ['5']],
    [false, ['']],
    [false, ['2135']],
    [false, ['999 No such code']],
    [false, ['213-5']],
    [false, ['213-5', '226 Done.']],
    [false, ['213 5', ' more']],
    [false, ['200 a\r\n200 b']],
    [false, ['200 a\0']],
    [false, [5]],
  ])('are replies (%s): %j', (are, lines) => {
    expect(areReplies(lines)).toBe(are);
  });
});

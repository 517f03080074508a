/** The strongest checksum that two sides know. */
import { describe, expect, it } from 'vitest';
import { FtpReplyError, FtpUnsupportedError, type HashName } from '../../lib/index.js';
import { type AskHash, commonHash } from '../../lib/recipes/common-hash.js';

/** Knows these algorithms, the strongest first. Its checksum is the algorithm with `content`. */
function side(known: readonly HashName[], content = ''): { ask: AskHash; readonly asked: (HashName | undefined)[] } {
  const asked: (HashName | undefined)[] = [];
  return {
    asked,
    async ask(algorithm = known[0]) {
      if (algorithm === undefined || !known.includes(algorithm)) throw new FtpUnsupportedError('No.', {});
      asked.push(algorithm);
      return { algorithm, value: algorithm + content };
    },
  };
}

describe('commonHash', () => {
  it.each<[HashName[], HashName[], HashName]>([
    [['SHA-512', 'MD5'], ['SHA-512', 'SHA-256'], 'SHA-512'],
    [['SHA-512', 'SHA-256', 'MD5'], ['SHA-256', 'MD5'], 'SHA-256'],
    [['SHA-512', 'MD5'], ['SHA-256', 'MD5', 'CRC-32'], 'MD5'],
    [['CRC-32'], ['SHA-256', 'CRC-32'], 'CRC-32'],
  ])('of %j and %j is %s', async (one, other, algorithm) => {
    expect(await commonHash(side(one).ask, side(other).ask)).toMatchObject({ algorithm, isSame: true });
    expect(await commonHash(side(one).ask, side(other, 'x').ask)).toMatchObject({ algorithm, isSame: false });
  });

  it('asks each side once where the algorithm is known', async () => {
    const [one, other] = [side(['SHA-512', 'SHA-256']), side(['SHA-256'])];
    await commonHash(one.ask, other.ask, 'SHA-256');
    expect([one.asked, other.asked]).toEqual([['SHA-256'], ['SHA-256']]);
  });

  it('errors where there is none, and where a side errors', async () => {
    await expect(commonHash(side(['SHA-512']).ask, side(['MD5']).ask)).rejects.toBeInstanceOf(FtpUnsupportedError);
    await expect(commonHash(side([]).ask, side(['MD5']).ask)).rejects.toBeInstanceOf(FtpUnsupportedError);
    const refusing: AskHash = () =>
      Promise.reject(new FtpReplyError('No.', { reply: { code: 550, text: 'No.' } } as never));
    await expect(commonHash(side(['MD5']).ask, refusing)).rejects.toBeInstanceOf(FtpReplyError);
  });
});

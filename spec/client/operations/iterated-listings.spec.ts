/** Listings, and what operators make of them and of byte streams, in `for await` loops. */
import { filter, map } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { type FtpOperations, FtpReplyError, lines, type ValueStream } from '../../../lib/index.js';
import { observe } from '../../support/observe.js';
import { scriptedServer } from '../../support/scripted-server.js';
import { afterLogin, clientOf } from '../support/open.js';

const few = { '/dir/a': 'of a\n', '/dir/b': 'of b\n', '/dir/c': 'of c\n' };

const listings: Readonly<Record<string, (ftp: FtpOperations) => ValueStream<string>>> = {
  entries$: (ftp) => ftp.entries$('/dir').pipe(map(({ name }) => name)),
  mlsd$: (ftp) => ftp.mlsd$('/dir').pipe(map(({ name }) => name)),
  nlst$: (ftp) => ftp.nlst$('/dir').pipe(map((line) => line.replace(/^.*\//, ''))),
  list$: (ftp) => ftp.list$('/dir').pipe(map((line) => line.replace(/^.* /, ''))),
};

async function collected<T>(values: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const value of values) found.push(value);
  return found;
}

describe.each(Object.entries(listings))('for await over %s', (_kind, list) => {
  it('gives every value, also while the loop uses the session', async () => {
    await using server = await scriptedServer({ files: few });
    await using ftp = clientOf(server);
    const found: string[] = [];
    for await (const name of list(ftp)) {
      found.push(name, ...(await collected(ftp.retr$(`/dir/${name}`).pipe(lines()))));
    }
    expect(found).toEqual(['a', 'of a', 'b', 'of b', 'c', 'of c']);
    expect(server.sessions).toHaveLength(1);
  });

  it('is an operation of its own each time', async () => {
    await using server = await scriptedServer({ files: few });
    await using ftp = clientOf(server);
    const values = list(ftp);
    expect(afterLogin(server)).toEqual([]);
    expect(await collected(values)).toEqual(await collected(values));
    expect(server.commands.filter((line) => /^(LIST|NLST|MLSD)/.test(line))).toHaveLength(2);
  });

  it('stops at a break, and leaves the session in step', async () => {
    await using server = await scriptedServer({ files: few });
    await using ftp = clientOf(server);
    for await (const name of list(ftp)) {
      expect(name).toBe('a');
      break;
    }
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
  });

  it('throws the error of the listing', async () => {
    await using server = await scriptedServer({ files: few });
    for (const verb of ['LIST', 'NLST', 'MLSD']) server.answer(verb, '550 Permission denied.');
    await using ftp = clientOf(server);
    await expect(collected(list(ftp))).rejects.toBeInstanceOf(FtpReplyError);
  });
});

it('operators on retrLines$ can be iterated too', async () => {
  await using server = await scriptedServer({ files: { '/x': 'a\r\nb\r\nc\r\n' } });
  await using ftp = clientOf(server);
  expect(await collected(ftp.retrLines$('/x').pipe(filter((line) => line !== 'b')))).toEqual(['a', 'c']);
});

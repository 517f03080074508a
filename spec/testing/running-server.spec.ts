/** Handlers of the test's own. */
import { describe, expect, it } from 'vitest';
import { FtpUsageError } from '../../lib/index.js';
import { type TestHandler, testServer } from '../../lib/testing/index.js';
import { readToEnd } from '../support/raw-client.js';
import { dialogue, loggedIn, rawClient } from './support/raw.js';

describe('on', () => {
  it('answers a verb in its own way, or leaves it to the server', async () => {
    await using at = await loggedIn();
    const seen: unknown[] = [];
    at.server.on('size', (command) => {
      seen.push(command);
      return command.argument === 'a.txt' ? '213 99' : undefined;
    });
    const lines = [
      ['SIZE a.txt', '213 99'],
      ['SIZE dir/b.txt', '213 4'],
    ] as const;
    expect(await dialogue(at.client, lines)).toEqual(lines);
    expect(seen[0]).toEqual({ verb: 'SIZE', argument: 'a.txt', session: 1 });
  });

  it('takes several lines, a promise, and no line at all', async () => {
    await using at = await loggedIn();
    at.server.on('SITE', () => ['200-One', '200 Two']);
    expect(await at.client.send('SITE X')).toBe('200-One\r\n200 Two');
    at.server.on('SITE', async () => '200 Later');
    expect(await at.client.send('SITE X')).toBe('200 Later');
    at.server.on('SITE', () => []);
    at.client.write('SITE X\r\n');
    expect(await at.client.send('NOOP')).toContain('200 Nothing');
  });

  it('teaches the server a verb, and is taken away', async () => {
    await using at = await loggedIn();
    const takeAway = at.server.on('AVBL', () => '213 1024');
    at.server.fail('AVBL', { refuse: 450 });
    expect(await at.client.send('AVBL /')).toContain('450 ');
    expect(await at.client.send('AVBL /')).toBe('213 1024');
    const replaced = at.server.on('AVBL', () => '213 1');
    takeAway();
    expect(await at.client.send('AVBL /')).toBe('213 1');
    replaced();
    expect(await at.client.send('AVBL /')).toContain('500 ');
  });

  it.each<[string, string]>([
    ['GET', 'did you mean RETR?'],
    ['retrieve', 'is no FTP verb'],
    ['RE TR', 'is no FTP verb'],
    ['R', 'is no FTP verb'],
    ['', 'is no FTP verb'],
    ['STORE', 'did you mean STOR?'],
  ])('refuses what is no verb: "%s"', async (verb, message) => {
    await using server = await testServer();
    expect(() => server.on(verb, () => '200 x')).toThrow(FtpUsageError);
    expect(() => server.on(verb, () => '200 x')).toThrow(message);
  });

  it('refuses what is no function', async () => {
    await using server = await testServer();
    expect(() => server.on('SIZE', '213 1' as never)).toThrow('The handler of SIZE must be a function');
  });

  it.each<[string, TestHandler, string]>([
    [
      'throws',
      () => {
        throw new Error('of the test');
      },
      'of the test',
    ],
    ['rejects', () => Promise.reject(new Error('of the test')), 'of the test'],
    ['gives no line', () => 5 as never, "The handler of SIZE must give whole replies such as '250 Done.'"],
    ['gives a line without a code', () => '5', 'The handler of SIZE must give whole replies'],
    ['gives a reply without an end', () => '213-5', 'The handler of SIZE must give whole replies'],
    ['gives two lines in one', () => '200 a\r\n200 b', 'The handler of SIZE must give whole replies'],
  ])('that %s is a 451, and the error of the disposal', async (_what, handler, message) => {
    const server = await testServer();
    const client = await rawClient(server);
    await client.login();
    server.on('SIZE', handler);
    expect(await client.send('SIZE a')).toContain('451 ');
    expect(await client.send('NOOP')).toContain('200 ');
    await expect(server[Symbol.asyncDispose]()).rejects.toThrow(message);
    await server[Symbol.asyncDispose]();
    client.socket.destroy();
  });
});

describe('a handler that takes its time', () => {
  it('is no error of anything when it fails after the disposal', async () => {
    for (const verb of ['SIZE', 'ABOR']) {
      const at = await loggedIn();
      const data = await at.client.passive();
      data.on('error', () => {});
      if (verb === 'ABOR') await at.client.send('STOR new');
      let fail = (): void => {};
      await new Promise<void>((begun) => {
        at.server.on(verb, () => {
          begun();
          return new Promise((_resolve, reject) => {
            fail = () => reject(new Error('of the test'));
          });
        });
        at.client.write(`${verb}\r\n`);
      });
      await at[Symbol.asyncDispose]();
      fail();
      await new Promise((resolve) => setImmediate(resolve));
      await at.server[Symbol.asyncDispose]();
      data.destroy();
    }
  });

  it('leaves the command undone where the client has left', async () => {
    await using at = await loggedIn();
    const other = await rawClient(at.server);
    let answer = (): void => {};
    await new Promise<void>((begun) => {
      at.server.on('DELE', () => {
        begun();
        return new Promise((resolve) => {
          answer = () => resolve(undefined);
        });
      });
      at.client.write('DELE a.txt\r\n');
    });
    at.client.socket.resetAndDestroy();
    await other.login();
    answer();
    await other.send('NOOP');
    expect(at.server.files.has('/a.txt')).toBe(true);
    other.socket.destroy();
  });
});

describe('a read that fails', () => {
  const reads: readonly [string, (start: number, end: number) => Uint8Array, number, string][] = [
    [
      'throws',
      (start) => {
        if (start > 0) throw new Error('of the read');
        return new Uint8Array(65_536);
      },
      65_536,
      'of the read',
    ],
    ['is async', (async () => new Uint8Array(65_536)) as never, 0, 'a Promise, and not the bytes themselves'],
    [
      'rejects',
      (() => Promise.reject(new Error('of the read'))) as never,
      0,
      'a Promise, and not the bytes themselves',
    ],
  ];

  it.each(
    reads,
  )('(it %s) ends the transfer by 451, and is the error of the disposal', async (_what, read, most, text) => {
    const server = await testServer({ files: { '/a': { size: 100_000, read } } });
    const client = await rawClient(server);
    await client.login();
    const data = await client.passive();
    expect(await client.send('RETR a')).toContain('150 ');
    expect((await readToEnd(data)).length).toBeLessThanOrEqual(most);
    expect(await client.reply()).toContain('451 ');
    expect(await client.send('NOOP')).toContain('200 ');
    await expect(server[Symbol.asyncDispose]()).rejects.toThrow(text);
    client.socket.destroy();
  });
});

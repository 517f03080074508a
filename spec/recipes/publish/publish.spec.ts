/** A failure, a lost reply or a cancel at each command of a publication: the old tree or the new one, never a mixture. */

import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { lastValueFrom, toArray } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FtpClient, FtpReplyError, FtpUsageError } from '../../../lib/index.js';
import { local, type PublishEvent, type PublishOptions, publish$, remote } from '../../../lib/recipes/index.js';
import { endAfterEach } from '../../support/endings.js';
import { type Strike, StrikingServer } from './support/striking-server.js';

const endLater = endAfterEach();
const OLD = { '/site/index.html': 'old', '/site/gone.html': 'gone', '/site/css/a.css': 'old style', '/other': 'x' };
const NEW = { 'index.html': 'new page', 'css/a.css': 'new style', 'js/deep/b.js': 'b()', '.dot': 'hidden' };
let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'rxftp-publish-'));
  for (const [path, text] of Object.entries(NEW)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  mkdirSync(join(directory, 'empty'));
});
afterAll(() => rmSync(directory, { recursive: true }));

async function start(files: Readonly<Record<string, string>> = OLD): Promise<StrikingServer> {
  const server = await StrikingServer.start(files);
  endLater(() => server.close());
  return server;
}

function clientOf(server: StrikingServer, maxSessions = 1): FtpClient {
  const { host, port } = server;
  const ftp = new FtpClient({ host, port, maxSessions, abortTimeoutMs: 2_000 });
  endLater(() => ftp[Symbol.asyncDispose]());
  return ftp;
}

function run(ftp: FtpClient, options: PublishOptions = {}): Promise<PublishEvent[]> {
  return lastValueFrom(publish$(local(directory), remote(ftp, '/site'), options).pipe(toArray()));
}

/** The paths and contents below a directory. */
function filesIn(server: StrikingServer, path: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, node] of server.tree.children(path)) {
    if (node.kind === 'file') found[name] = node.bytes.toString();
    else
      for (const [inner, text] of Object.entries(filesIn(server, `${path}/${name}`))) found[`${name}/${inner}`] = text;
  }
  return found;
}

const oldTree = { 'index.html': 'old', 'gone.html': 'gone', 'css/a.css': 'old style' };
const namesIn = (server: StrikingServer, path = '/'): string[] => server.tree.children(path).map(([name]) => name);
const oldsIn = (server: StrikingServer): string[] => namesIn(server).filter((name) => name.includes('.rxftp-old-'));
const stagedIn = (server: StrikingServer): string[] =>
  namesIn(server).filter((name) => /\.rxftp-[0-9a-f]{8}-/.test(name));

/** `old` or `new`; the tree itself where it is a mixture. */
function stateOf(server: StrikingServer): unknown {
  const found = filesIn(server, '/site');
  for (const [name, tree] of [
    ['old', oldTree],
    ['new', NEW],
  ] as const) {
    if (JSON.stringify(sorted(found)) === JSON.stringify(sorted(tree))) return name;
  }
  return found;
}

function sorted(tree: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(tree).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** The commands of a run without faults. */
async function golden(options?: PublishOptions): Promise<readonly string[]> {
  const server = await start();
  await run(clientOf(server), options);
  return server.counted;
}

describe('publish$', () => {
  it('puts the new tree in place of the old one, and keeps that', async () => {
    const server = await start();
    const events = await run(clientOf(server, 3));
    expect(stateOf(server)).toBe('new');
    expect(server.tree.isDirectory('/site/empty')).toBe(true);
    const [old = ''] = oldsIn(server);
    expect(filesIn(server, `/${old}`)).toEqual(oldTree);
    expect(namesIn(server).sort()).toEqual(['other', 'site', old].sort());
    const steps = events
      .filter((event) => event.type === 'step')
      .map(({ step, result }) => [step.do, step.path, result]);
    expect(steps).toContainEqual(['copy', 'js/deep/b.js', 'done']);
    expect(steps.slice(-2)).toEqual([
      ['rename', '/site', 'done'],
      ['rename', expect.stringMatching(/^\/site\.rxftp-/), 'done'],
    ]);
    const progress = events.filter((event) => event.type === 'progress' && event.done);
    expect(progress.map((event) => (event.type === 'progress' ? event.path : ''))).toHaveLength(4);
  });

  it('makes a target that is not there', async () => {
    const server = await start({ '/other': 'x' });
    await run(clientOf(server));
    expect(stateOf(server)).toBe('new');
    expect(namesIn(server).sort()).toEqual(['other', 'site']);
  });

  it.each([0, 1, 2])('keeps %d old trees', async (keep) => {
    const server = await start();
    const ftp = clientOf(server);
    server.tree.write('/site.rxftp-old-20200101000000000/a', Buffer.from('a'));
    server.tree.write('/site.rxftp-old-20210101000000000/a', Buffer.from('a'));
    server.tree.write('/site.rxftp-old-mine/a', Buffer.from('not ours'));
    await run(ftp, { keep });
    expect(oldsIn(server).filter((name) => !name.endsWith('mine'))).toHaveLength(keep);
    expect(namesIn(server)).toContain('site.rxftp-old-mine');
    if (keep === 2) expect(namesIn(server)).toContain('site.rxftp-old-20210101000000000');
  });

  it('tells an old tree that cannot be removed, and does not fail', async () => {
    const server = await start();
    server.on('RMD', (session) => session.reply('550 Not yours.'));
    const events = await run(clientOf(server), { keep: 0 });
    expect(stateOf(server)).toBe('new');
    expect(events.at(-1)).toMatchObject({ type: 'step', step: { do: 'remove' }, result: 'failed' });
  });

  it.each([
    ['an unwritable parent', 'MKD'],
    ['a server that renames nothing', 'RNFR'],
  ])('names mirror$ at once for %s', async (_what, verb) => {
    const server = await start();
    server.on(verb, (session) => session.reply('550 Permission denied.'));
    const error = await run(clientOf(server)).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(FtpReplyError);
    expect(String(error)).toContain('mirror$');
    expect(server.counted.filter((line) => line.startsWith('STOR'))).toEqual([]);
    expect(stateOf(server)).toBe('old');
  });

  it.each(['', '/', '.', '..', '/a/..'])('refuses a directory without a name: "%s"', async (path) => {
    const server = await start();
    const published = lastValueFrom(publish$(local(directory), remote(clientOf(server), path)));
    await expect(published).rejects.toThrow(/mirror\$/);
    await expect(published).rejects.toThrow(FtpUsageError);
    expect(server.counted).toEqual([]);
  });

  it.each([
    { keep: -1 },
    { keep: 1.5 },
    { concurrency: 0 },
    { verify: 'none' },
    { links: 'show' },
    { filter: 1 },
    { kept: 1 },
    { signal: 1 },
  ])('refuses %j with nothing sent', async (options) => {
    const server = await start();
    await expect(run(clientOf(server), options as unknown as PublishOptions)).rejects.toThrow(FtpUsageError);
    expect(server.counted).toEqual([]);
  });

  it('refuses a file under the target name, and places the wrong way round', async () => {
    const server = await start({ '/site': 'a file' });
    const ftp = clientOf(server);
    await expect(run(ftp)).rejects.toThrow(/is a file/);
    const reversed = publish$(remote(ftp, '/site') as never, local(directory) as never);
    await expect(lastValueFrom(reversed)).rejects.toThrow(FtpUsageError);
    expect(server.tree.text('/site')).toBe('a file');
  });

  it('leaves out what the filter refuses, and tells links', async () => {
    const link = join(directory, 'link');
    symlinkSync('index.html', link);
    try {
      const server = await start();
      const events = await run(clientOf(server), { filter: ({ name }) => name !== 'js' });
      expect(Object.keys(filesIn(server, '/site')).sort()).toEqual(['.dot', 'css/a.css', 'index.html']);
      expect(events).toContainEqual(
        expect.objectContaining({ step: expect.objectContaining({ do: 'skip', path: 'link' }) }),
      );
    } finally {
      rmSync(link);
    }
  });

  it('does not publish what the server has cut short', async () => {
    const server = await start();
    server.once('STOR', async (_session, argument, { byDefault }) => {
      await byDefault();
      server.tree.write(argument, Buffer.from('n'));
    });
    await expect(run(clientOf(server))).rejects.toThrow(/differs from the upload/);
    expect(stateOf(server)).toBe('old');
    expect(stagedIn(server)).toEqual([]);
  });

  it('removes what a killed run of its own has left, and nothing else', async () => {
    const server = await start();
    const owner = createHash('sha256')
      .update(JSON.stringify([hostname(), directory, '/site']))
      .digest('hex')
      .slice(0, 8);
    const gone = (2 ** 22 + 5).toString(36);
    const mine = `/site.rxftp-${owner}-${gone}-0a0b0c`;
    const others = [`/site.rxftp-00000000-${gone}-0a0b0c`, `/site.rxftp-${owner}-${process.pid.toString(36)}-0a0b0c`];
    for (const path of [mine, ...others]) server.tree.write(`${path}/a/b`, Buffer.from('left'));
    await run(clientOf(server));
    expect(server.tree.get(mine)).toBeUndefined();
    for (const path of others) expect(server.tree.text(`${path}/a/b`)).toBe('left');
  });

  it('puts the old tree back first where a run was killed between its renames', async () => {
    const server = await start();
    const owner = createHash('sha256')
      .update(JSON.stringify([hostname(), directory, '/site']))
      .digest('hex')
      .slice(0, 8);
    server.tree.write(`/site.rxftp-${owner}-${(2 ** 22 + 5).toString(36)}-0a0b0c/index.html`, Buffer.from('new'));
    server.tree.rename('/site', '/site.rxftp-old-20240101000000000');
    server.on('STOR', (session) => session.reply('452 No room.'));
    await expect(run(clientOf(server))).rejects.toThrow(FtpReplyError);
    expect(stateOf(server)).toBe('old');
  });

  it('names both paths where nothing can be undone', async () => {
    const server = await start();
    const ftp = clientOf(server);
    let renames = 0;
    server.on('RNTO', async (session, argument, { byDefault }) => {
      renames += 1;
      // The trial, then the old tree; from then on nothing is renamed.
      if (renames > 2) await session.reply('550 Disk is read only.');
      else await byDefault();
      void argument;
    });
    const error = await run(ftp).catch((reason: unknown) => reason);
    expect(String(error)).toMatch(/The old tree is \/site\.rxftp-old-\d+ or \/site, the new one \/site\.rxftp-/);
    expect(filesIn(server, `/${oldsIn(server)[0]}`)).toEqual(oldTree);
    expect(stagedIn(server)).toHaveLength(1);
  });
});

/** Several at a time: a run waits more than it works. */
async function playAt(places: number, play: (at: number) => Promise<void>): Promise<void> {
  const left = Array.from({ length: places }, (_none, index) => index + 1).values();
  const next = async (): Promise<void> => {
    for (const at of left) await play(at);
  };
  await Promise.all(Array.from({ length: 8 }, next));
}

const strikes: readonly Strike[] = ['refuse', 'cut', 'lose'];

describe.each(strikes)('a failure at each command: %s', (how) => {
  it('leaves the old tree or the new one', async () => {
    const commands = await golden({ keep: 0 });
    expect(commands.length).toBeGreaterThan(25);
    await playAt(commands.length, async (at) => {
      const server = await start();
      const ftp = clientOf(server);
      Object.assign(server, { at, how });
      const end = await run(ftp, { keep: 0 }).then(
        () => 'new',
        () => 'old',
      );
      const where = `${how} at ${at}: ${server.counted[at - 1]}`;
      expect([where, stateOf(server), stagedIn(server)]).toEqual([where, end, []]);
      // The next run is not hindered by what this one has left.
      if (at % 4 > 0) return;
      await run(ftp, { keep: 0 });
      expect([where, stateOf(server)]).toEqual([where, 'new']);
    });
  }, 240_000);
});

describe('aborted by its signal at each command', () => {
  it('errors with the reason when nothing is left beside the old tree or the new one', async () => {
    const commands = await golden();
    await playAt(commands.length, async (at) => {
      const server = await start();
      const ftp = clientOf(server);
      const reason = new Error('enough');
      const left = new AbortController();
      Object.assign(server, { at, how: 'call', onStrike: () => left.abort(reason) });
      const published$ = publish$(local(directory), remote(ftp, '/site'), { signal: left.signal });
      const end = await lastValueFrom(published$, { defaultValue: undefined }).catch((error: unknown) => error);
      const where = `at ${at}: ${server.counted[at - 1]}`;
      const isRight = end === reason ? ['old', 'new'].includes(String(stateOf(server))) : stateOf(server) === 'new';
      expect([where, isRight || stateOf(server), stagedIn(server)]).toEqual([where, true, []]);
      await lastValueFrom(ftp.close$());
    });
  }, 240_000);

  it('sends nothing where it is aborted before', async () => {
    const server = await start();
    const ftp = clientOf(server);
    const reason = new Error('enough');
    const published$ = publish$(local(directory), remote(ftp, '/site'), { signal: AbortSignal.abort(reason) });
    await expect(lastValueFrom(published$)).rejects.toBe(reason);
    expect(server.counted).toEqual([]);
    await lastValueFrom(ftp.close$());
  });
});

describe.each(['drain', 'at once'] as const)('unsubscribed at each command, and closed: %s', (closing) => {
  it('leaves the old tree or the new one', async () => {
    const commands = await golden();
    await playAt(commands.length, async (at) => {
      const server = await start();
      const ftp = clientOf(server);
      await new Promise<void>((resolve) => {
        const published = publish$(local(directory), remote(ftp, '/site')).subscribe({ error: resolve });
        const onStrike = (): void => {
          published.unsubscribe();
          const close$ = closing === 'drain' ? ftp.close$({ drain: true }) : ftp.close$();
          lastValueFrom(close$).then(resolve);
        };
        Object.assign(server, { at, how: 'call', onStrike });
      });
      const where = `${closing} at ${at}: ${server.counted[at - 1]}`;
      expect([where, ['old', 'new'].includes(String(stateOf(server))) || stateOf(server)]).toEqual([where, true]);
      if (closing === 'drain') expect([where, stagedIn(server)]).toEqual([where, []]);
    });
  }, 240_000);
});

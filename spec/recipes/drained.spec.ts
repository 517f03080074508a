/**
 * Recipes whose client is drained at each moment of theirs, with their subscriber or without him: what they have begun at the server is
 * undone, or completed.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ignoreElements, lastValueFrom, merge, type Observable, skip, take } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { FtpClient } from '../../lib/index.js';
import { local, mirror$, publish$, remote, upload$ } from '../../lib/recipes/index.js';
import { clientOf } from '../client/support/open.js';
import { observe } from '../support/observe.js';
import { type ScriptedServer, scriptedServer } from '../support/scripted-server.js';
import { LocalDirectory } from './support/local-directory.js';

const OLD = { '/site/a': 'old a', '/site/d/b': 'old b' };
const NEW = { a: 'new a', 'd/b': 'new b', 'd/c': 'new c' };

/** The names of what is under way; an old tree that was replaced is none. */
const TEMPORARY = /\.part(\.old)?$|\.rxftp-[0-9a-f]{8}-/;

type Recipe = (ftp: FtpClient, directory: LocalDirectory) => Observable<unknown>;

/** No file is put into the place of another: each is put aside first. */
function renameOnlyToFreeNames(server: ScriptedServer): void {
  server.on('RNTO', async (session, argument, { byDefault }) => {
    if (server.tree.get(argument) === undefined) await byDefault();
    else await session.reply('553 It exists.');
  });
}

const upload: Recipe = (ftp, directory) => upload$(ftp, directory.at('a'), '/site/a', { atomic: true, keepTime: true });
const mirror: Recipe = (ftp, { path }) => mirror$(local(path), remote(ftp, '/site'));
const publish: Recipe = (ftp, { path }) => publish$(local(path), remote(ftp, '/site'));

interface Case {
  readonly what: string;
  readonly recipe: Recipe;
  readonly script?: (server: ScriptedServer) => void;
}

const CASES: readonly Case[] = [
  { what: 'upload$ under another name', recipe: upload },
  { what: 'upload$ that puts the old file aside', recipe: upload, script: renameOnlyToFreeNames },
  { what: 'mirror$', recipe: mirror },
  { what: 'mirror$ that puts old files aside', recipe: mirror, script: renameOnlyToFreeNames },
  { what: 'publish$', recipe: publish, script: renameOnlyToFreeNames },
];

type Leaving = (leave: () => void, drain: () => void) => void;

const LEAVINGS: readonly { how: string; act: Leaving }[] = [
  {
    how: 'left, and drained',
    act: (leave, drain) => {
      leave();
      drain();
    },
  },
  {
    how: 'drained, and left',
    act: (leave, drain) => {
      drain();
      leave();
    },
  },
  { how: 'drained', act: (_leave, drain) => drain() },
];

function namesIn(server: ScriptedServer, path = ''): string[] {
  return server.tree.children(path === '' ? '/' : path).flatMap(([name, node]) => {
    const at = `${path}/${name}`;
    return node.kind === 'file' ? [at] : [`${at}/`, ...namesIn(server, at)];
  });
}

/** The number of moments: the commands of a run, and its replies. */
const momentsOf = (ftp: FtpClient): Observable<unknown> => merge(ftp.command$, ftp.reply$);

async function stage(script: (server: ScriptedServer) => void, abortTimeoutMs?: number) {
  const directory = await LocalDirectory.make();
  for (const [name, content] of Object.entries(NEW)) {
    await mkdir(dirname(directory.at(name)), { recursive: true });
    await writeFile(directory.at(name), content);
  }
  const server = await scriptedServer({ files: OLD });
  script(server);
  const ftp = clientOf(server, { abortTimeoutMs });
  const close = async (): Promise<void> => {
    await ftp[Symbol.asyncDispose]();
    await server.close();
    await directory[Symbol.asyncDispose]();
  };
  return { directory, server, ftp, [Symbol.asyncDispose]: close };
}

/** Resolves with the number of its moments. */
async function undisturbed({ recipe, script = () => {} }: Case): Promise<number> {
  await using at = await stage(script);
  const moments = observe(momentsOf(at.ftp));
  await lastValueFrom(recipe(at.ftp, at.directory), { defaultValue: undefined });
  moments.unsubscribe();
  return moments.values.length;
}

/** Acts at one moment of a run, and resolves when the client is drained. */
async function play({ recipe, script = () => {} }: Case, act: Leaving, moment: number): Promise<void> {
  await using at = await stage(script);
  const drained = new Promise<void>((resolve) => {
    const drain = (): void => void lastValueFrom(at.ftp.close$({ drain: true })).then(resolve);
    momentsOf(at.ftp)
      .pipe(skip(moment), take(1))
      .subscribe(() => act(() => running.unsubscribe(), drain));
  });
  const running = observe(recipe(at.ftp, at.directory).pipe(ignoreElements()), { name: 'the recipe' });
  await drained;
  await running.ended;
  const names = namesIn(at.server);
  const where = `at ${moment}: ${at.server.commands.slice(-12).join(' | ')}`;
  expect([where, names.filter((name) => TEMPORARY.test(name))]).toEqual([where, []]);
  expect([where, names.includes('/site/a')]).toEqual([where, true]);
}

describe.each(CASES)('$what', (tried) => {
  it.each(LEAVINGS)('leaves nothing half done where it is $how', async ({ act }) => {
    const moments = Array.from({ length: await undisturbed(tried) }, (_none, moment) => moment).values();
    // Several at a time: a run waits more than it works.
    const next = async (): Promise<void> => {
      for (const moment of moments) await play(tried, act, moment);
    };
    await Promise.all(Array.from({ length: 6 }, next));
  });
});

it('is not waited for by close$ without drain, where the server does not answer', async () => {
  await using at = await stage((server) => server.answer('MFMT').answer('DELE'), 50);
  const running = observe(upload(at.ftp, at.directory));
  await at.server.received('MFMT');
  running.unsubscribe();
  const drained = observe(at.ftp.close$({ drain: true }));
  await at.server.event('command');
  expect(drained.end).toBeUndefined();
  expect(await observe(at.ftp.close$()).settled).toEqual([undefined]);
  expect(await drained.settled).toEqual([undefined]);
});

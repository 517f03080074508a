/** `ensureDirectory$`: a directory is there afterwards, whatever the server says on the way. */
import { describe, expect, it } from 'vitest';
import { FtpReplyError, FtpUsageError } from '../../../lib/index.js';
import { ensureDirectory$ } from '../../../lib/recipes/index.js';
import { clientOf } from '../../client/support/open.js';
import { observe } from '../../support/observe.js';
import { type ScriptedServer, scriptedServer } from '../../support/scripted-server.js';

const mkds = (server: ScriptedServer): string[] => server.commands.filter((line) => line.startsWith('MKD'));

describe('ensureDirectory$', () => {
  it.each(['/a/b/c', '/a/b/c/', 'a/b/c', './a/b/c', '/a//b/c'])('makes %s with all above it, once', async (path) => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    expect(await observe(ensureDirectory$(ftp, path)).settled).toEqual([true]);
    expect(server.tree.isDirectory('/a/b/c')).toBe(true);
    expect(await observe(ensureDirectory$(ftp, path)).settled).toEqual([false]);
  });

  it('takes one command where only the last one is missing', async () => {
    await using server = await scriptedServer({ files: { '/a/': '' } });
    await using ftp = clientOf(server);
    expect(await observe(ensureDirectory$(ftp, '/a/b')).settled).toEqual([true]);
    expect(mkds(server)).toEqual(['MKD /a/b']);
  });

  it.each(['/', '.', '..', './'])('is content with %s, which is there', async (path) => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    expect(await observe(ensureDirectory$(ftp, path)).settled).toEqual([false]);
  });

  it.each([
    '550 File exists.',
    '521 Directory exists; taking no action.',
    '553 Cannot create.',
    '451 Local error.',
    '501 What?',
    '200 Fine.',
    '350 And now?',
  ])('looks whether it is there after %s', async (reply) => {
    await using server = await scriptedServer({ files: { '/a/': '' } });
    server.answer('MKD', reply);
    await using ftp = clientOf(server);
    expect(await observe(ensureDirectory$(ftp, '/a')).settled).toHaveLength(1);
  });

  it('looks without MLST, by CWD, and stays where it was', async () => {
    await using server = await scriptedServer({ files: { '/a b/': '', '/x/': '' } });
    server.features = [];
    await using ftp = clientOf(server, { directory: '/x' });
    expect(await observe(ensureDirectory$(ftp, '/a b')).settled).toEqual([false]);
    expect(await observe(ftp.pwd$()).settled).toEqual(['/x']);
  });

  it('is made by one of several that want it at the same time, and there for all', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server, { maxSessions: 3 });
    const ensured = [1, 2, 3].map(() => observe(ensureDirectory$(ftp, '/a/b/c')));
    for (const { settled } of ensured) await settled;
    expect(server.tree.isDirectory('/a/b/c')).toBe(true);
  });

  it('looks on another session where the reply was lost', async () => {
    await using server = await scriptedServer();
    server.once('MKD', (session, path) => {
      server.tree.makeDirectory(path);
      session.closeControl('rst');
    });
    await using ftp = clientOf(server);
    expect(await observe(ensureDirectory$(ftp, '/a')).settled).toEqual([false]);
  });

  it('errors with the refusal where a file is in the way, or it may not', async () => {
    await using server = await scriptedServer({ files: { '/a': 'file' } });
    await using ftp = clientOf(server);
    expect(await observe(ensureDirectory$(ftp, '/a')).failed).toMatchObject({ command: 'MKD /a' });
    expect(await observe(ensureDirectory$(ftp, '/a/b')).failed).toBeInstanceOf(FtpReplyError);
    server.answer('MKD', '550 Permission denied.');
    expect(await observe(ensureDirectory$(ftp, '/x/y')).failed).toMatchObject({
      reply: { text: 'Permission denied.' },
    });
  });

  it('is cold, and sends nothing further once it is left', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    const ensured$ = ensureDirectory$(ftp, '/a/b');
    expect(server.commands).toEqual([]);
    const ensured = observe(ensured$);
    await server.received('MKD');
    ensured.unsubscribe();
    await observe(ftp.noop$()).settled;
    expect(mkds(server)).toEqual(['MKD /a/b']);
  });

  it('ends with the reason of its signal', async () => {
    await using server = await scriptedServer();
    server.on('MKD', () => {});
    await using ftp = clientOf(server, { abortTimeoutMs: 50 });
    const controller = new AbortController();
    const ensured = observe(ensureDirectory$(ftp, '/a/b', { signal: controller.signal }));
    await server.received('MKD');
    controller.abort(new Error('enough'));
    expect(await ensured.failed).toMatchObject({ message: 'enough' });
  });

  it.each([
    ['no path', undefined],
    ['an empty path', ''],
    ['a line end', 'a\r\nDELE b'],
  ])('refuses %s, with nothing sent', async (_what, path) => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    expect(await observe(ensureDirectory$(ftp, path as string)).failed).toBeInstanceOf(FtpUsageError);
    expect(await observe(ensureDirectory$(ftp, '/a', { recursive: true } as object)).failed).toBeInstanceOf(
      FtpUsageError,
    );
    expect(server.commands).toEqual([]);
  });
});

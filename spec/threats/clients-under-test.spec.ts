/** Without a fault both clients do everything: what fails elsewhere fails because of the fault. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { scriptedServer } from '../support/scripted-server.js';
import { openBasicFtp, openRxftp } from './support/client-under-test.js';

it.each([
  ['rxftp', openRxftp],
  ['basic-ftp 6.2.3', openBasicFtp],
])('%s works on a server without faults', async (_name, open) => {
  await using server = await scriptedServer({ files: { '/a': 'hello', '/dir/b': '' } });
  const client = await open(server, 2_000);
  const folder = await mkdtemp(join(tmpdir(), 'rxftp-threats-'));
  try {
    expect((await client.download('/a')).toString()).toBe('hello');
    expect((await client.resume('/a', Buffer.from('he'))).toString()).toBe('hello');
    await client.downloadToFile('/a', join(folder, 'a'));
    expect(await readFile(join(folder, 'a'), 'utf8')).toBe('hello');
    await client.upload('/new', Buffer.from('new'));
    expect(server.tree.text('/new')).toBe('new');
    await client.cwd('/dir');
    expect(await client.pwd()).toBe('/dir');
    expect(await client.names()).toEqual(['b']);
    expect(await client.size('/a')).toBe(5);
  } finally {
    await client.close();
    await rm(folder, { recursive: true });
  }
});

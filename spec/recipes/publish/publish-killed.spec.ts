/** A process that publishes is killed by SIGKILL: no tree is a mixture, and the next run cleans up and completes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lastValueFrom } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FtpClient } from '../../../lib/index.js';
import { local, publish$, remote } from '../../../lib/recipes/index.js';
import { endAfterEach } from '../../support/endings.js';
import { StrikingServer } from './support/striking-server.js';

const endLater = endAfterEach();
const program = fileURLToPath(new URL('./support/publish-program.ts', import.meta.url));
let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'rxftp-killed-'));
  for (const name of ['a', 'b']) writeFileSync(join(directory, name), `new ${name}`);
});
afterAll(() => rmSync(directory, { recursive: true }));

/** Kills the program when it sends the `nth` command of that verb. */
async function publishKilledAt(server: StrikingServer, verb: string, nth: number): Promise<void> {
  const url = `ftp://${server.host}:${server.port}`;
  const child = spawn(process.execPath, ['--import', 'tsx', program, url, directory, '/site'], { stdio: 'inherit' });
  const closed = once(child, 'close');
  void server.received(verb, nth).then(() => child.kill('SIGKILL'));
  const [code] = (await closed) as [number | null];
  expect(code).toBe(null);
}

function contentsOf(server: StrikingServer, path: string): string {
  const texts = server.tree.children(path).map(([name]) => server.tree.text(`${path}/${name}`));
  return texts.sort().join();
}

const namesIn = (server: StrikingServer): string[] => server.tree.children('/').map(([name]) => name);

describe('a publication whose process is killed', () => {
  it.each([
    ['MKD', 1],
    ['RNTO', 1],
    ['STOR', 2],
    // The second rename is that of the target, and the third that of the new tree.
    ['RNTO', 2],
    ['RNFR', 3],
    ['RNTO', 3],
  ])(
    'at its %s number %d leaves whole trees, and the next run completes',
    async (verb, nth) => {
      const server = await StrikingServer.start({ '/site/a': 'old a', '/site/c': 'old c' });
      endLater(() => server.close());
      await publishKilledAt(server, verb, nth);
      const [old] = namesIn(server).filter((name) => name.includes('.rxftp-old-'));
      const named = server.tree.isDirectory('/site') ? '/site' : `/${old}`;
      expect(['old a,old c', 'new a,new b']).toContain(contentsOf(server, named));
      const ftp = new FtpClient({ host: server.host, port: server.port });
      endLater(() => ftp[Symbol.asyncDispose]());
      await lastValueFrom(publish$(local(directory), remote(ftp, '/site'), { keep: 0 }));
      expect(contentsOf(server, '/site')).toBe('new a,new b');
      expect(namesIn(server)).toEqual(['site']);
    },
    60_000,
  );
});

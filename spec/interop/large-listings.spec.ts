/** A directory of 100 000 files through `entries$`: each entry as its row comes, and no more memory for more of them. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { lastValueFrom, type Observable, tap } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EntriesOptions, type FileEntry, FtpClient } from '../../lib/index.js';
import { heldMemory } from '../support/held-memory.js';
import { optionsFor } from '../support/interop/interop-server.js';
import { all, last } from '../support/interop/outcome.js';
import { Workplace } from '../support/interop/workplace.js';
import { describeServers } from '../support/real-servers/describe-servers.js';
import { abilities, isInstalled, serverNames } from '../support/real-servers/installed.js';
import type { ServerName } from '../support/real-servers/real-server.js';

const COUNT = 100_000;
const EVERY = 20_000;
const MIB = 1024 * 1024;
const LIMIT_MS = 60_000;

/** pyftpdlib takes ten seconds for it, and inetutils's `ls` sorts as vsftpd does. */
const names: readonly ServerName[] = ['vsftpd', 'proftpd', 'pure-ftpd'];

let root: string;
beforeAll(async () => {
  if (!serverNames.some(isInstalled)) return;
  root = await mkdtemp('/dev/shm/rxftp-many-');
  const many = join(root, 'many');
  await mkdir(many);
  await promisify(execFile)('sh', ['-c', `seq -f file-%06.0f 1 ${COUNT} | xargs touch`], { cwd: many });
});
afterAll(async () => {
  if (root !== undefined) await rm(root, { recursive: true, force: true });
});

interface Counted {
  readonly distinct: number;
  /** The memory in use when so many had come. */
  readonly held: readonly number[];
}

async function counted(entries$: Observable<FileEntry>): Promise<Counted> {
  // One bit for each number: the names themselves would be the memory.
  const seen = new Uint8Array(COUNT + 1);
  const held: number[] = [];
  let count = 0;
  const count$ = entries$.pipe(
    tap(({ name }) => {
      seen[Number(/^file-(\d{6})$/.exec(name)?.[1])] = 1;
      count += 1;
      if (count % EVERY === 0) held.push(heldMemory());
    }),
  );
  await lastValueFrom(count$);
  return { distinct: seen.reduce((sum, one) => sum + one, 0), held };
}

describe('100 000 entries', () => {
  describeServers(names, (name) => {
    let place: Workplace;
    beforeAll(async () => {
      place = await Workplace.open(name, { root });
    });
    afterAll(() => place?.close());

    const ways: readonly (readonly [string, readonly string[] | 'ask', EntriesOptions])[] = [
      ['LIST', [], {}],
      ...(abilities[name].mlsd ? ([['MLSD', 'ask', {}]] as const) : []),
    ];

    it.each(ways)('come one by one, in flat memory: %s', { timeout: LIMIT_MS }, async (_way, features, options) => {
      await using ftp = new FtpClient(optionsFor(place.server, { features }));
      const path = join(place.server.home, 'many');
      const { distinct, held } = await counted(ftp.entries$(path, options));
      expect(distinct).toBe(COUNT);
      expect(held).toHaveLength(COUNT / EVERY);
      expect(Math.max(...held) - (held[0] ?? 0)).toBeLessThan(4 * MIB);
      expect(await last(ftp.pwd$())).toBe(place.server.home);
    });

    it('are left after the first, and the session is in step', { timeout: LIMIT_MS }, async () => {
      await using ftp = new FtpClient(optionsFor(place.server));
      const replies: string[] = [];
      ftp.reply$.subscribe(({ code }) => replies.push(String(code)));
      for await (const { name: first } of ftp.entries$(join(place.server.home, 'many'))) {
        expect(first).toMatch(/^file-/);
        // The data has not ended: the final reply is not in.
        expect(replies).not.toContain('226');
        break;
      }
      expect(await all(ftp.pwd$())).toEqual([place.server.home]);
    });
  });
});

/** A client and its sessions: several at once, one that is lost, a directory they share. */
import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { forkJoin, lastValueFrom, map } from 'rxjs';
import { expect, it } from 'vitest';
import { type Connector, connectSocket } from '../../../lib/net/connector.js';
import { collectBytes } from '../../../lib/streams/collect-bytes.js';
import { last } from '../../support/interop/outcome.js';
import { Random } from '../../support/random.js';
import type { Enter } from './place.js';

/** Remembers the control connections it makes. */
function watched(): { readonly connector: Connector; readonly controls: Socket[] } {
  const controls: Socket[] = [];
  const connector: Connector = async (endpoint, signal) => {
    const socket = await connectSocket(endpoint, signal);
    if (endpoint.channel === 'control') controls.push(socket as Socket);
    return socket;
  };
  return { connector, controls };
}

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export function describeSessions(enter: Enter): void {
  it('moves 20 files at a time over 4 sessions', async () => {
    const random = new Random(20);
    const files = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`f${n}`, random.bytes(200_000 + n)]));
    const { connector, controls } = watched();
    await using at = await enter(files, { maxSessions: 4, connector });
    const reads = Object.keys(files).map((name) => at.ftp.retr$(name).pipe(collectBytes(), map(digest)));
    expect(await lastValueFrom(forkJoin(reads))).toEqual(Object.values(files).map(digest));
    const writes = Object.entries(files).map(([name, bytes]) => at.ftp.stor$(`up-${name}`, bytes, { verify: 'size' }));
    await lastValueFrom(forkJoin(writes));
    for (const [name, bytes] of Object.entries(files)) expect(digest(await at.bytes(`up-${name}`))).toBe(digest(bytes));
    expect(controls).toHaveLength(4);
  });

  it('replaces a session that was lost, in the same directory', async () => {
    const { connector, controls } = watched();
    await using at = await enter({ 'dir/file': 'content' }, { connector });
    await last(at.ftp.cwd$('dir'));
    for (let round = 1; round <= 3; round += 1) {
      const [control] = controls.slice(-1);
      const gone = new Promise((resolve) => control?.once('close', resolve));
      control?.destroy();
      await gone;
      expect(await last(at.ftp.pwd$())).toBe(`${at.directory}/dir`);
      expect(await last(at.ftp.size$('file'))).toBe(7);
      expect(controls).toHaveLength(round + 1);
    }
  });

  it('changes the directory of all its sessions', async () => {
    const { connector, controls } = watched();
    await using at = await enter({ 'dir/file': 'content' }, { maxSessions: 3, connector });
    const together = (): Promise<string[]> => lastValueFrom(forkJoin([at.ftp.pwd$(), at.ftp.pwd$(), at.ftp.pwd$()]));
    expect(await together()).toEqual(Array(3).fill(at.directory));
    await last(at.ftp.cwd$('dir'));
    expect(await together()).toEqual(Array(3).fill(`${at.directory}/dir`));
    const reads = [1, 2, 3].map(() => at.ftp.retr$('file').pipe(collectBytes(), map(String)));
    await lastValueFrom(forkJoin(reads));
    expect(controls.length).toBeGreaterThan(1);
    expect(await together()).toEqual(Array(3).fill(`${at.directory}/dir`));
  });
}

/** Downloads under TLS that their consumer holds: what was deciphered meanwhile comes in the moment they are let go. */
import { randomBytes } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Subject } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { observe } from '../support/observe.js';
import { scriptedServer } from '../support/scripted-server.js';
import { secureClient } from './support/secure-client.js';

const content = randomBytes(1024 * 1024);
const files = { '/big': content };

// A socket that TLS has made itself, and one that it is laid over.
describe.each(['220 (vsFTPd 3.0.5)', '220 Ready (rxftp test server)'])('%s', (greeting) => {
  it('pause$ stops the next chunk also in the middle of a chunk that its last false has let out', async () => {
    await using server = await scriptedServer({ greeting, tls: 'explicit', files });
    await using ftp = secureClient(server);
    const pause$ = new Subject<boolean>();
    let paused = false;
    let unwanted = 0;
    const pauseFor = async (): Promise<void> => {
      if (paused) unwanted += 1;
      paused = true;
      pause$.next(true);
      await nextTurn();
      paused = false;
      pause$.next(false);
    };
    const download = observe(ftp.retr$('/big', { pause$ }), { next: () => void pauseFor() });
    expect(content.equals(Buffer.concat(await download.settled))).toBe(true);
    expect(unwanted).toBe(0);
  });

  it('a slow consumer is no stall', async () => {
    await using server = await scriptedServer({ greeting, tls: 'explicit', files });
    const stallTimeoutMs = 1_000;
    await using ftp = secureClient(server, { stallTimeoutMs });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    let bytes = 0;
    for await (const chunk of ftp.retr$('/big')) {
      bytes += chunk.length;
      await nextTurn();
      await vi.advanceTimersByTimeAsync(2 * stallTimeoutMs);
    }
    expect(bytes).toBe(content.length);
  });
});

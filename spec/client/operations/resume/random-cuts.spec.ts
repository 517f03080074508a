/** Random content, cut at random places in random ways: the bytes are those of the source, or there is an error of this library's. */
import { lastValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { collectBytes, type FtpClient, isFtpError } from '../../../../lib/index.js';
import type { TestFault, TestServer } from '../../../../lib/testing/index.js';
import { Random } from '../../../support/random.js';
import { runs, summarize, timeLimitMs } from '../../../support/trust.js';
import { clientOf, serverOf } from './support/cut-server.js';

/** What two sockets of a loopback connection may hold, and what waits in the client. */
const IN_SOCKETS = 512 * 1024;

interface Case {
  readonly content: Uint8Array;
  readonly overlapBytes: number;
  readonly faults: readonly TestFault[];
}

function caseOf(seed: number): Case {
  const random = new Random(seed);
  const size = random.pick([0, 1, 5000, 70_000, 300_000]);
  // Bytes that repeat themselves can pass for others.
  const content = random.chance(0.3) ? new Uint8Array(size).fill(7) : random.bytes(size);
  const faults = Array.from({ length: 1 + random.below(6) }, () => faultOf(random, size));
  return { content, faults, overlapBytes: random.pick([0, 1, 4096, 100_000]) };
}

function faultOf(random: Random, size: number): TestFault {
  const afterBytes = random.below(size + 1);
  return random.pick<TestFault>([
    { cut: 'data', afterBytes },
    { reset: 'data', afterBytes },
    { cut: 'control', afterBytes },
    { reset: 'control', afterBytes },
    { truncate: afterBytes },
    { refuse: 450 },
  ]);
}

type Run = (ftp: FtpClient, server: TestServer, { content, overlapBytes }: Case) => Promise<Uint8Array>;

const down: Run = async (ftp, server, { content, overlapBytes }) => {
  server.files.set('/a', content);
  return lastValueFrom(ftp.retr$('/a', { resume: { overlapBytes } }).pipe(collectBytes()));
};

const up: Run = async (ftp, server, { content }) => {
  await lastValueFrom(ftp.stor$('/a', content, { resume: true }));
  return server.files.get('/a')?.bytes ?? new Uint8Array(0);
};

describe.each([
  ['retr$', 'RETR', down],
  ['stor$', 'STOR', up],
] as const)('%s with resume', (name, verb, run) => {
  it(
    'moves the right bytes, or tells an error, and sends little again',
    async () => {
      const count = runs(60);
      let failures = 0;
      for (let seed = 1; seed <= count; seed += 1) {
        const tried = caseOf(seed);
        await using server = await serverOf({});
        for (const fault of tried.faults) server.fail(verb, fault);
        await using ftp = clientOf(server, { retry: { delayMs: 0, attempts: 8 } });
        let moved = 0;
        ftp.events$.subscribe((event) => {
          if (event.type === 'transfer-ended') moved += event.bytes;
        });
        try {
          const bytes = await run(ftp, server, tried);
          expect(Buffer.compare(bytes, tried.content), `the bytes of seed ${seed}`).toBe(0);
        } catch (error) {
          if (!isFtpError(error)) throw error;
          failures += 1;
        }
        const most = tried.content.length + tried.faults.length * (tried.overlapBytes + IN_SOCKETS);
        expect(moved, `bytes moved by seed ${seed}`).toBeLessThanOrEqual(most);
      }
      expect(failures).toBeLessThan(count / 10);
      summarize(`${name} with resume: ${count} transfers, ${failures} ended by an error`);
    },
    timeLimitMs(60_000),
  );
});

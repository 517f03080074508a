/**
 * The storms as specs, for all servers that can be started with the given options: in clear text and over TLS alike.
 *
 * Each prints one line, so that a session that had to be given up is seen even where one is tolerated. `RXFTP_ABORTS`
 * says how many aborts (200), `RXFTP_SEED` which.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FtpOptions } from '../../../lib/client/options.js';
import { abortStorm, type StormReport } from '../abort-storm.js';
import { DelayingProxy } from '../delaying-proxy.js';
import {
  describeInterop,
  type InteropName,
  type InteropServer,
  namesFor,
  optionsFor,
  startInterop,
} from '../interop/interop-server.js';
import { Random } from '../random.js';
import type { ServerOptions } from '../real-servers/real-server.js';
import { ClientHost, SessionHost, type StormHost } from './storm-host.js';
import { plantStormTree, type StormTree } from './storm-tree.js';

const allAborts = Number(process.env.RXFTP_ABORTS ?? 200);
/** Generous: on a busy machine an abort takes a tenth of it. */
const boundPerAbortMs = 2_000;

/**
 * How many of 200 aborts may cost a session. pyftpdlib answers the abort of an upload that has just begun as it answers
 * that of one which it keeps for the next data connection; ftp-srv answers out of turn.
 */
const tolerated: Readonly<Record<InteropName, number>> = {
  vsftpd: 0,
  proftpd: 0,
  'pure-ftpd': 0,
  pyftpdlib: 1,
  inetutils: 0,
  'ftp-srv': 1,
};

interface StormPlan {
  readonly title: string;
  /** Of all aborts. */
  readonly share: number;
  readonly open: (options: FtpOptions) => StormHost;
  /** How many storms go over the host at once. */
  readonly storms?: number;
  /** Reach the server through this port. */
  readonly port?: number;
}

export function describeStorms(serverOptions: ServerOptions, names = namesFor(serverOptions)): void {
  describeInterop(names, (name) => {
    let server: InteropServer;
    let tree: StormTree;
    beforeAll(async () => {
      server = await startInterop(name, { ...serverOptions, logCommands: false });
      tree = await plantStormTree(server);
    });
    afterAll(() => server?.stop());

    const runStorm = async ({ title, share, open, storms = 1, port = server.port }: StormPlan): Promise<void> => {
      const random = new Random();
      const { seed } = random;
      const aborts = Math.ceil((allAborts * share) / storms);
      const host = open(optionsFor(server, { port }));
      try {
        const one = (): Promise<StormReport> => abortStorm({ server, host, tree, random, aborts });
        const reports = await Promise.all(Array.from({ length: storms }, one));
        console.log(`${name}, ${title}, seed ${seed}: ${summary(reports)}; ${host.lost.length} sessions given up`);
        for (const loss of host.lost) console.log(`  ${loss.split('\n', 1)}`);
        expect(reports.flatMap(({ faults }) => faults)).toEqual([]);
        expect(host.lost.slice(Math.ceil((tolerated[name] * aborts) / 200))).toEqual([]);
      } finally {
        await host.close();
      }
    };

    const plans: readonly StormPlan[] = [
      { title: 'a session', share: 1, open: (options) => new SessionHost(options) },
      { title: 'active mode', share: 0.1, open: (options) => new SessionHost({ ...options, mode: 'active' }) },
      { title: 'a client, twice at once', share: 0.1, open: (options) => new ClientHost(options), storms: 2 },
    ];
    for (const plan of plans) it(plan.title, () => runStorm(plan), boundMs(plan.share));

    const slowShare = 0.08;
    const slowly = async (): Promise<void> => {
      const { host, port } = server;
      await using proxy = await DelayingProxy.start({ host, port, delayMs: 30, byteByByte: true });
      const open = (options: FtpOptions): StormHost => new SessionHost(options);
      await runStorm({ title: 'late, byte by byte', share: slowShare, open, port: proxy.port });
    };
    it('replies that come late and byte by byte', slowly, boundMs(slowShare));
  });
}

const boundMs = (share: number): number => 20_000 + allAborts * share * boundPerAbortMs;

function summary(reports: readonly StormReport[]): string {
  const sum = (of: (report: StormReport) => number): number => reports.reduce((total, report) => total + of(report), 0);
  const median = Math.max(...reports.map(({ answerMs }) => answerMs.median));
  const longest = Math.max(...reports.map(({ answerMs }) => answerMs.longest));
  return [
    `${sum(({ aborts }) => aborts)} aborts, ${sum(({ struck }) => struck)} of them before the end`,
    `${sum(({ downloads }) => downloads)} downloads whole`,
    `${sum(({ faults }) => faults.length)} faults`,
    `answers after ${median.toFixed(1)} ms, at most ${longest.toFixed(0)} ms`,
  ].join(', ');
}

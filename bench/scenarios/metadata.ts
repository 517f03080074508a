/** Commands that move no file, where each would take a round trip of its own if it waited for the one before. */
import { roundTripMs } from '../lab/network.js';
import { faster, unbroken } from './goal.js';
import type { Scenario, Unit } from './scenario.js';

const millisecondsEach: Unit = {
  name: 'ms per command',
  digits: 2,
  of: ({ inner = Number.NaN }) => inner * 1000,
};

const far = { link: 'wire', sessions: 1, unit: millisecondsEach } as const;

const servers = ['vsftpd', 'proftpd', 'pure-ftpd'] as const;

const sizes = { bytes: 4096, count: 512, lockStep: 64 } as const;

/** Six or seven commands for each file. */
const mixed = {
  ...far,
  task: 'metadata-mixed',
  size: { bytes: 4096, count: 200, lockStep: 10 },
  quickSize: { bytes: 4096, count: 100, lockStep: 5 },
} as const;

const title = `MKD, SIZE, MDTM, MLST if there, CHMOD, DELE, RMD and 550s at ${roundTripMs} ms`;

export const metadata: readonly Scenario[] = [
  {
    ...far,
    name: 'metadata',
    title: `SIZE of many files at ${roundTripMs} ms, one connection`,
    task: 'metadata',
    servers,
    size: sizes,
    quickSize: sizes,
    goals: [faster('rxftp', 25, 'basic-ftp')],
  },
  {
    ...mixed,
    name: 'metadata-mixed',
    title: `${title}, one connection`,
    servers,
    goals: [faster('rxftp', 25, 'basic-ftp')],
  },
  {
    ...mixed,
    name: 'ftps-metadata-mixed',
    title: `${title}, one connection, FTPS`,
    servers,
    tls: true,
    goals: [faster('rxftp', 25, 'basic-ftp')],
  },
  {
    ...mixed,
    name: 'metadata-mixed-elsewhere',
    title: `${title}, one connection`,
    servers: ['pyftpdlib', 'inetutils'],
    without: ['ftplib'],
    goals: [unbroken('rxftp')],
  },
];

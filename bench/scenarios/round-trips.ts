/** Measures the cost of a long wire: the number of waits for an answer. */
import { lossyWire, roundTripMs } from '../lab/network.js';
import { atMost, faster } from './goal.js';
import { type Scenario, type Unit, wallSeconds } from './scenario.js';

const roundTripsEach: Unit = {
  name: 'round trips per file',
  digits: 2,
  of: ({ inner, wall }, { count }) => ((inner ?? wall) * 1000) / roundTripMs / count,
};

const roundTrips: Unit = {
  name: 'round trips',
  digits: 2,
  of: ({ inner, wall }) => ((inner ?? wall) * 1000) / roundTripMs,
};

const far = {
  link: 'wire',
  sessions: 1,
  quickSize: { bytes: 4096, count: 25 },
  // How the file is written is nothing beside the wire.
  without: ['rxftp writeFileSync'],
} as const;

const everyServer = ['vsftpd', 'proftpd', 'pure-ftpd'] as const;
/** Without Pure-FTPd, which alone sends its 226 along with the data: there the floor is the same for everybody. */
const lateReplies = ['vsftpd', 'proftpd'] as const;

export const overLongWires: readonly Scenario[] = [
  {
    ...far,
    name: 'far-small-files',
    title: `small files at ${roundTripMs} ms, one connection`,
    task: 'small-files',
    servers: lateReplies,
    size: { bytes: 4096, count: 50 },
    unit: roundTripsEach,
    goals: [atMost('rxftp', 3.2, 'round trips per file')],
  },
  {
    ...far,
    name: 'far-small-files-4',
    title: `small files at ${roundTripMs} ms, four connections`,
    task: 'small-files',
    servers: lateReplies,
    sessions: 4,
    size: { bytes: 4096, count: 100 },
    unit: roundTripsEach,
    goals: [atMost('rxftp', 0.8, 'round trips per file')],
  },
  {
    ...far,
    name: 'first-byte',
    title: `from connect to the first byte at ${roundTripMs} ms`,
    task: 'first-byte',
    servers: everyServer,
    size: { bytes: 4096, count: 1 },
    quickSize: { bytes: 4096, count: 1 },
    unit: roundTrips,
    goals: [atMost('rxftp pipelineLogin', 6.5, 'round trips')],
  },
  {
    name: 'far-segments',
    title: `one file at ${lossyWire.roundTripMs} ms and ${lossyWire.lossPercent} % loss`,
    task: 'download-segments',
    link: 'lossy-wire',
    servers: ['vsftpd'],
    // A client keeps one free for commands.
    sessions: 9,
    size: { bytes: 16 * 2 ** 20, count: 1 },
    quickSize: { bytes: 8 * 2 ** 20, count: 1 },
    unit: wallSeconds,
    goals: [faster('rxftp download$ 8 segments', 4, 'rxftp download$')],
  },
];

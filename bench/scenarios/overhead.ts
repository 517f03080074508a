/** Measures the library's own cost: parsing, and its mere presence. */
import { atMost, notMoreThan } from './goal.js';
import { type Scenario, type Unit, wallSeconds } from './scenario.js';

const innerMilliseconds: Unit = { name: 'ms', digits: 1, of: ({ inner, wall }) => (inner ?? wall) * 1000 };

const parsing = {
  servers: [],
  sessions: 1,
  size: { bytes: 0, count: 100_000, before: 3 },
  quickSize: { bytes: 0, count: 100_000, before: 3 },
  unit: innerMilliseconds,
} as const;

const starting = {
  sessions: 1,
  size: { bytes: 0, count: 20 },
  quickSize: { bytes: 0, count: 20 },
  unit: wallSeconds,
  bareNode: true,
} as const;

export const overhead: readonly Scenario[] = [
  {
    ...parsing,
    name: 'parse-mlsd',
    title: 'parse a listing of MLSD in a warm process',
    task: 'parse-mlsd',
    goals: [atMost('rxftp', 80, 'ms')],
  },
  {
    ...parsing,
    name: 'parse-list',
    title: 'parse a listing of LIST in a warm process',
    task: 'parse-list',
    goals: [],
  },
  {
    ...starting,
    name: 'list',
    title: 'start, connect, log in and list',
    task: 'list',
    link: 'loopback',
    servers: ['vsftpd'],
    goals: [notMoreThan('rxftp', 40, 'node -e 0')],
  },
  {
    ...starting,
    name: 'import',
    title: 'start and import the client',
    task: 'import',
    servers: [],
    goals: [],
  },
];

/** Many small files, where nothing counts but what each of them costs. */
import { faster, within } from './goal.js';
import { type Scenario, wallSeconds } from './scenario.js';

const small = {
  task: 'small-files',
  link: 'loopback',
  servers: ['vsftpd'],
  size: { bytes: 4096, count: 1000 },
  quickSize: { bytes: 4096, count: 200 },
  unit: wallSeconds,
} as const;

export const smallFiles: readonly Scenario[] = [
  {
    ...small,
    name: 'small-files',
    title: 'small files, one connection',
    sessions: 1,
    goals: [faster('rxftp', 1.6, 'basic-ftp')],
  },
  {
    ...small,
    name: 'small-files-4',
    title: 'small files, four connections',
    sessions: 4,
    goals: [faster('rxftp', 2, 'basic-ftp'), within('rxftp', 15, 'lftp', true)],
  },
];

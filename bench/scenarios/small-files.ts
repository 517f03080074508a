/** Many small files, where nothing counts but what each of them costs. */
import { faster, within } from './goal.js';
import { type Scenario, wallSeconds } from './scenario.js';

const labels = ['rxftp', 'rxftp writeFileSync'];

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
    goals: labels.map((label) => faster(label, 1.6, 'basic-ftp')),
  },
  {
    ...small,
    name: 'small-files-4',
    title: 'small files, four connections',
    sessions: 4,
    goals: labels.flatMap((label) => [faster(label, 2, 'basic-ftp'), within(label, 15, 'lftp', true)]),
  },
];

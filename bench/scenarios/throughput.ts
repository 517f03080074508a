/** One large file, over and over. */
import { cheaper, faster, peakAtMost, within } from './goal.js';
import { type Scenario, wallSeconds } from './scenario.js';

const large = {
  link: 'loopback',
  servers: ['vsftpd'],
  sessions: 1,
  size: { bytes: 2 ** 30, count: 1 },
  quickSize: { bytes: 2 ** 27, count: 1 },
  unit: wallSeconds,
} as const;

/** What the library's own sinks may use, and what users' streams may. */
const ownPathMiB = 60;
const userStreamMiB = 90;

export const throughput: readonly Scenario[] = [
  {
    ...large,
    name: 'download-null',
    title: 'download to nothing',
    task: 'download-null',
    goals: [
      cheaper('rxftp', 1, 'basic-ftp'),
      within('rxftp borrowed', 10, 'curl'),
      peakAtMost('rxftp', userStreamMiB),
      peakAtMost('rxftp borrowed', ownPathMiB),
    ],
  },
  {
    ...large,
    name: 'download-file',
    title: 'download to a file',
    task: 'download-file',
    goals: [
      faster('rxftp .pipe', 1.8, 'basic-ftp'),
      faster('rxftp download$', 2.5, 'basic-ftp'),
      within('rxftp download$', 0, 'curl'),
      within('rxftp download$', 0, 'lftp'),
      peakAtMost('rxftp .pipe', userStreamMiB),
      peakAtMost('rxftp download$', ownPathMiB),
    ],
  },
  {
    ...large,
    name: 'ftps-download-file',
    title: 'FTPS download to a file',
    task: 'download-file',
    tls: true,
    goals: [
      faster('rxftp download$', 2.8, 'basic-ftp'),
      faster('rxftp .pipe', 2.8, 'basic-ftp'),
      within('rxftp download$', 0, 'curl'),
      within('rxftp download$', 0, 'lftp'),
      peakAtMost('rxftp .pipe', userStreamMiB),
      peakAtMost('rxftp download$', ownPathMiB),
    ],
  },
  {
    ...large,
    name: 'upload',
    title: 'upload from a file',
    task: 'upload',
    goals: [
      faster('rxftp', 1.8, 'basic-ftp'),
      within('rxftp', 10, 'curl'),
      peakAtMost('rxftp', userStreamMiB),
      faster('rxftp upload$', 1.8, 'basic-ftp'),
      within('rxftp upload$', 10, 'curl'),
      peakAtMost('rxftp upload$', ownPathMiB),
    ],
  },
];

/** One large file, over and over. */
import { cheaper, faster, type Goal, peakAtMost, within } from './goal.js';
import { type Scenario, wallSeconds } from './scenario.js';

const large = {
  link: 'loopback',
  servers: ['vsftpd'],
  sessions: 1,
  size: { bytes: 2 ** 30, count: 1 },
  quickSize: { bytes: 2 ** 27, count: 1 },
  unit: wallSeconds,
} as const;

/** What users' streams may use, and what the library's own sources and sinks may. */
const userStream = (label: string): Goal => peakAtMost(label, 90);
const ownPath = (label: string): Goal => peakAtMost(label, 60);

/** To a file, in both ways: `.pipe` and `download$` are to be so many times as fast as basic-ftp. */
const toFile = (pipe: number, recipe: number): readonly Goal[] => [
  faster('rxftp .pipe', pipe, 'basic-ftp'),
  faster('rxftp download$', recipe, 'basic-ftp'),
  within('rxftp download$', 0, 'curl'),
  within('rxftp download$', 0, 'lftp'),
  userStream('rxftp .pipe'),
  ownPath('rxftp download$'),
];

/** From a file, by one way. */
const fromFile = (label: string): readonly Goal[] => [faster(label, 1.8, 'basic-ftp'), within(label, 10, 'curl')];

export const throughput: readonly Scenario[] = [
  {
    ...large,
    name: 'download-null',
    title: 'download to nothing',
    task: 'download-null',
    goals: [
      cheaper('rxftp', 1, 'basic-ftp'),
      within('rxftp borrowed', 10, 'curl'),
      userStream('rxftp'),
      ownPath('rxftp borrowed'),
    ],
  },
  {
    ...large,
    name: 'download-file',
    title: 'download to a file',
    task: 'download-file',
    goals: toFile(1.8, 2.5),
  },
  {
    ...large,
    name: 'ftps-download-file',
    title: 'FTPS download to a file',
    task: 'download-file',
    tls: true,
    // These two let a ClientHello wait for the command, so that TLS makes the data connection by itself.
    servers: ['vsftpd', 'pure-ftpd'],
    goals: toFile(2.8, 2.8),
  },
  {
    ...large,
    name: 'upload',
    title: 'upload from a file',
    task: 'upload',
    goals: [...fromFile('rxftp'), userStream('rxftp'), ...fromFile('rxftp upload$'), ownPath('rxftp upload$')],
  },
  {
    ...large,
    name: 'download-options',
    title: 'download$ with options',
    task: 'download-options',
    sessions: 5,
    goals: [within('rxftp download$ resume', 10, 'rxftp download$')],
  },
  {
    ...large,
    name: 'upload-options',
    title: 'upload$ with options',
    task: 'upload-options',
    goals: [within('rxftp upload$ atomic', 10, 'rxftp upload$'), within('rxftp upload$ resume', 10, 'rxftp upload$')],
  },
];

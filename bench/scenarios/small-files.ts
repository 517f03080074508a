/**
 * Measures many small files, for which only the cost of each counts. A thousand of them are over before V8 has compiled what it runs;
 * several thousand, or the eighth thousand of a process, show what a file costs after that, and are held against nothing.
 */
import { faster, type Goal, within } from './goal.js';
import { innerSeconds, type Scenario, wallSeconds } from './scenario.js';

const labels = ['rxftp', 'rxftp writeFileSync'];

export const smallFiles: readonly Scenario[] = [
  { ...smallFilesOver(1, 1000), name: 'small-files', goals: labels.flatMap(byOne) },
  { ...smallFilesOver(4, 1000), name: 'small-files-4', goals: labels.flatMap(byFour) },
  // curl, which waits for a second after every hundred files or so, would take as long as all others together, twice.
  { ...smallFilesOver(1, 5000), name: 'more-small-files', without: ['curl'] },
  { ...smallFilesOver(4, 5000), name: 'more-small-files-4' },
  { ...eighthThousandOver(1), name: 'warm-small-files' },
  { ...eighthThousandOver(4), name: 'warm-small-files-4' },
];

/** What Node can do is held against the same way to write: the bare sockets write by `writeFileSync`. */
function nearBare(label: string): readonly Goal[] {
  return label === 'rxftp writeFileSync' ? [within(label, 15, 'bare sockets')] : [];
}

function byOne(label: string): readonly Goal[] {
  return [faster(label, 1.6, 'basic-ftp'), ...nearBare(label)];
}

function byFour(label: string): readonly Goal[] {
  return [faster(label, 2, 'basic-ftp'), within(label, 15, 'lftp', true), ...nearBare(label)];
}

/** Only of those that run in a process of Node's. */
function eighthThousandOver(sessions: 1 | 4): Omit<Scenario, 'name'> {
  const { title, size, quickSize, ...others } = smallFilesOver(sessions, 1000);
  return {
    ...others,
    title: `${title}, for the eighth time in a process`,
    size: { ...size, before: 7 },
    quickSize: { ...quickSize, before: 7 },
    unit: innerSeconds,
    without: ['curl', 'lftp', 'ftplib'],
  };
}

function smallFilesOver(sessions: 1 | 4, count: number): Omit<Scenario, 'name'> {
  return {
    title: `small files, ${sessions === 1 ? 'one connection' : 'four connections'}`,
    task: 'small-files',
    link: 'loopback',
    servers: ['vsftpd'],
    sessions,
    size: { bytes: 4096, count },
    quickSize: { bytes: 4096, count: count / 5 },
    unit: wallSeconds,
    goals: [],
  };
}

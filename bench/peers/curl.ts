/** curl, in its own ways: URLs, ranges of URLs, and its own clock for the first byte. */
import { join } from 'node:path';
import { runCommand } from '../lab/run-command.js';
import type { Task } from '../programs/task.js';
import type { Peer, TaskName } from './peer.js';

type Arguments = (task: Task) => readonly string[];

const ways: Partial<Readonly<Record<TaskName, Arguments>>> = {
  'download-null': (task) => ['-o', '/dev/null', urlOf(task)],
  'download-file': (task) => ['-o', task.local, urlOf(task)],
  upload: (task) => ['-T', task.local, urlOf(task)],
  'small-files': (task) => [
    ...(task.sessions > 1 ? ['--parallel', '--parallel-max', String(task.sessions)] : []),
    ...['-o', join(task.local, 'f#1'), `${urlOf(task)}/f[0000-${String(task.count - 1).padStart(4, '0')}]`],
  ],
  'first-byte': (task) => ['-o', '/dev/null', '-w', 'inner %{time_starttransfer}\\n', urlOf(task)],
  list: (task) => ['-o', '/dev/null', `${urlOf(task)}/`],
};

export function curl(program: string): Peer {
  return {
    name: 'curl',
    describe: async () => (await runCommand(program, '--version')).split(' ', 2).join(' '),
    variants(name, { ca }) {
      const way = ways[name];
      if (way === undefined) return [];
      const tls = ca === undefined ? [] : ['--ssl-reqd', '--cacert', ca];
      const always = ['--disable', '--silent', '--show-error', '--fail', '--ftp-method', 'nocwd', ...tls];
      return [{ label: 'curl', command: (task) => [program, ...always, ...way(task)] }];
    },
  };
}

/** With an absolute path: the first slash only ends the host. */
const urlOf = ({ user, password, host, port, remote }: Task): string =>
  `ftp://${user}:${password}@${host}:${port}/${remote}`;

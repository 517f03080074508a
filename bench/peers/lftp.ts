/** lftp, told to send commands ahead where it can. */
import { runCommand } from '../lab/run-command.js';
import type { Task } from '../programs/task.js';
import type { Peer, TaskName } from './peer.js';

type Script = (task: Task) => string;

const scripts: Partial<Readonly<Record<TaskName, Script>>> = {
  'download-null': ({ remote }) => `get ${remote} -o /dev/null`,
  'download-file': ({ remote, local }) => `get ${remote} -o ${local}`,
  'download-segments': ({ remote, local, sessions }) => `pget -n ${sessions - 1} ${remote} -o ${local}`,
  upload: ({ remote, local }) => `put ${local} -o ${remote}`,
  'small-files': ({ remote, local, sessions }) =>
    sessions === 1 ? `mget -O ${local} ${remote}/*` : `mirror --parallel=${sessions} ${remote} ${local}`,
  'tree-down': ({ remote, local, sessions }) => `mirror --parallel=${sessions} ${remote} ${local}`,
  'tree-up': ({ remote, local, sessions }) => `mirror -R --parallel=${sessions} ${local} ${remote}`,
  'first-byte': ({ remote }) => `get ${remote} -o /dev/null`,
  list: ({ remote }) => `cls ${remote}/`,
};

const settings = ['cmd:fail-exit on', 'ftp:sync-mode off', 'net:max-retries 1', 'xfer:clobber on'];

export function lftp(program: string): Peer {
  return {
    name: 'lftp',
    describe: async () =>
      /Version \S+/.exec(await runCommand(program, '--version'))?.[0].replace('Version', 'lftp') ?? '',
    variants(name, { ca }) {
      const script = scripts[name];
      if (script === undefined) return [];
      const tls =
        ca === undefined
          ? ['ftp:ssl-allow off']
          : ['ftp:ssl-force on', 'ftp:ssl-protect-data on', `ssl:ca-file ${ca}`, 'ftp:ssl-auth TLS'];
      const set = [...settings, ...tls].map((setting) => `set ${setting};`).join(' ');
      const command = (task: Task): readonly string[] => [
        ...[program, '--norc', '-c'],
        `${set} open -u ${task.user},${task.password} -p ${task.port} ftp://${task.host}; ${script(task)}`,
      ];
      return [{ label: 'lftp', command }];
    },
  };
}

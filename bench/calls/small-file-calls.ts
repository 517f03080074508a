/** Counts the calls of a small file over vsftpd, in a process of its own. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startServer } from '../../spec/support/real-servers/start-server.js';
import { runCommand } from '../lab/run-command.js';
import type { Workshop } from '../lab/workshop.js';
import type { Calls } from '../programs/rxftp/small-file-calls.js';
import { smallNames, type Task } from '../programs/task.js';
import { markdownTable } from '../report/markdown.js';

const FILES = 500;
const BYTES = 4096;
/** So many modules are listed. */
const MODULES = 30;

export async function callsSection(workshop: Workshop): Promise<string> {
  const server = await startServer('vsftpd', { logCommands: false });
  try {
    const directory = join(server.root, 'small');
    await mkdir(directory);
    for (const name of smallNames(FILES)) await writeFile(join(directory, name), Buffer.alloc(BYTES, name));
    const { host, port, user, password, home } = server;
    const remote = join(home, 'small');
    const task: Task = {
      ...{ host, port, user, password, remote, local: workshop.directory },
      ...{ bytes: BYTES, count: FILES, sessions: 1 },
    };
    const script = workshop.script('bench/programs/rxftp/small-file-calls.ts');
    const calls = JSON.parse(await runCommand(process.execPath, script, JSON.stringify(task))) as Calls;
    const row = [calls.ours, calls.rxjs, calls.node].map(String);
    const modules = Object.entries(calls.modules).sort(([, one], [, other]) => other - one);
    const most = modules.slice(0, MODULES).map(([name, count]) => [name, count.toFixed(1)]);
    return [
      `### calls for a small file, ${FILES} of 4 KiB, vsftpd`,
      markdownTable(['of this library', 'of rxjs', 'of Node'], [row]),
      markdownTable(['module', 'calls'], most),
    ].join('\n\n');
  } finally {
    await server.stop();
  }
}

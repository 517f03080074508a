/** Our client for a task. */
import { FtpClient, type FtpOptions } from '../../../lib/index.js';
import { readAuthority, type Task } from '../task.js';

/** `more` is for what a task is to show. */
export function clientFor(task: Task, more: Partial<FtpOptions> = {}): FtpClient {
  const { host, port, user, password, ca, sessions } = task;
  const secure = ca === undefined ? {} : ({ secure: 'explicit', tls: { ca: readAuthority(ca) } } as const);
  return new FtpClient({ host, port, user, password, maxSessions: sessions, ...secure, ...more });
}

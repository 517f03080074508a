/** Many small files, over as many connections as there are to be sessions. */
import { writeFileSync } from 'node:fs';
import { pairOf, readTask, reportWarm, smallNames } from '../task.js';
import { BareSession } from './session.js';

const task = readTask();
const sessions = await BareSession.openAll(task);
await Promise.all(sessions.map((session) => fetchAll(session, ['f0000'])));
await reportWarm(task, () => {
  const names = smallNames(task.count).values();
  return Promise.all(sessions.map((session) => fetchAll(session, names)));
});
for (const session of sessions) session[Symbol.dispose]();

async function fetchAll(session: BareSession, queue: Iterable<string>): Promise<void> {
  for (const name of queue) {
    const { remote, local } = pairOf(task, name);
    writeFileSync(local, await session.receive(`RETR ${remote}`));
  }
}

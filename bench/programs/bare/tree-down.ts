/** A tree of two levels to the local disk, over as many connections as there are to be sessions. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTask, report } from '../task.js';
import { BareSession } from './session.js';

const task = readTask();
const sessions = await BareSession.openAll(task);
await report(async () => {
  mkdirSync(task.local);
  const directories = (await namesIn(sessions[0] as BareSession, '')).values();
  await Promise.all(sessions.map((session) => fetchAll(session, directories)));
});
for (const session of sessions) session[Symbol.dispose]();

async function fetchAll(session: BareSession, directories: Iterable<string>): Promise<void> {
  for (const directory of directories) {
    mkdirSync(join(task.local, directory));
    for (const name of await namesIn(session, `/${directory}`)) {
      const file = `${directory}/${name}`;
      writeFileSync(join(task.local, file), await session.receive(`RETR ${task.remote}/${file}`));
    }
  }
}

async function namesIn(session: BareSession, directory: string): Promise<readonly string[]> {
  const rows = (await session.receive(`LIST ${task.remote}${directory}`)).toString('latin1').split('\r\n');
  return rows.filter((row) => row !== '').map((row) => row.slice(row.lastIndexOf(' ') + 1));
}

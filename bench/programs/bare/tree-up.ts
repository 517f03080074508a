/** A tree of two levels to a server, over as many connections as there are to be sessions: in place, and without times. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTask, report } from '../task.js';
import { BareSession } from './session.js';

const task = readTask();
const sessions = await BareSession.openAll(task);
await report(async () => {
  await sessions[0]?.ask(`MKD ${task.remote}`);
  const directories = readdirSync(task.local).values();
  await Promise.all(sessions.map((session) => storeAll(session, directories)));
});
for (const session of sessions) session[Symbol.dispose]();

async function storeAll(session: BareSession, directories: Iterable<string>): Promise<void> {
  for (const directory of directories) {
    await session.ask(`MKD ${task.remote}/${directory}`);
    for (const name of readdirSync(join(task.local, directory))) {
      const file = `${directory}/${name}`;
      await session.send(`STOR ${task.remote}/${file}`, readFileSync(join(task.local, file)));
    }
  }
}

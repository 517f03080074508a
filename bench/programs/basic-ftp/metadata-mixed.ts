/** Metadata of all kinds, one command after the other: basic-ftp runs one task at a time, and has no method for most of these. */
import { mixedExchanges } from '../mixed-work.js';
import { mustBe, readTask, report } from '../task.js';
import { connectedClient } from './client.js';

const task = readTask();
const exchanges = Array.from({ length: task.lockStep ?? task.count }, (_, index) => mixedExchanges(index, task)).flat();
const client = await connectedClient(task);
await report(async () => {
  for (const { line, code, part } of exchanges) {
    const reply = await client.sendIgnoringError(line);
    mustBe(code, reply.code);
    if (!reply.message.includes(part)) throw new Error(`${line}: ${reply.message}`);
  }
}, exchanges.length);
client.close();

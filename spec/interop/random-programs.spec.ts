/** Random programs on the real servers: the tree afterwards, and all values, are those that the model allows. */
import { afterAll, beforeAll, it } from 'vitest';
import { type InteropServer, startInterop } from '../support/interop/interop-server.js';
import { checkPrograms } from '../support/programs/check-programs.js';
import { openReal, verbsOf } from '../support/programs/real-target.js';
import { describeServers } from '../support/real-servers/describe-servers.js';
import { abilities, serverNames } from '../support/real-servers/installed.js';
import { runs, timeLimitMs } from '../support/trust.js';

describeServers(serverNames, (name) => {
  let server: InteropServer;
  beforeAll(async () => {
    server = await startInterop(name, { logCommands: false });
  });
  afterAll(() => server?.stop());

  it(
    'lets random programs of operations act in the right directory',
    () =>
      checkPrograms({
        title: `random programs, ${name}`,
        choice: {
          sessions: [2, 1, 4],
          has: verbsOf(server),
          up: abilities[name].changesRoot,
          cutsAt: false,
          maxSteps: 30,
        },
        open: (program) => openReal(server, program),
        count: runs(5),
        seed: 200,
      }),
    timeLimitMs(60_000),
  );
});

/** A scripted server that strikes at one command of a publisher's, counted from its login on. */

import type { CommandLine, Session } from '../../../support/scripted/session.js';
import { ScriptedServer } from '../../../support/scripted-server.js';

/**
 * - `refuse`: the command is not done, and refused.
 * - `cut`: the connection is lost before it is done.
 * - `lose`: it is done, and the connection is lost before its reply.
 * - `call`: it is done, after `onStrike`.
 */
export type Strike = 'refuse' | 'cut' | 'lose' | 'call';

/** Of the login, and of a client that asks where it is. */
const NOT_COUNTED: ReadonlySet<string> = new Set(['USER', 'PASS', 'FEAT', 'OPTS', 'QUIT', 'SYST', 'CLNT']);

export class StrikingServer extends ScriptedServer {
  /** The commands that count, over all sessions. */
  readonly counted: string[] = [];
  at = Number.POSITIVE_INFINITY;
  how: Strike = 'refuse';
  onStrike: () => void = () => {};

  static async start(files: Readonly<Record<string, string>>): Promise<StrikingServer> {
    const server = new StrikingServer({ files }, undefined);
    // Unlike the tree in memory, no disk puts one directory into the place of another.
    server.on('RNTO', async (session, argument, { byDefault }) => {
      if (server.tree.get(argument) !== undefined) await session.reply('553 It exists.');
      else await byDefault();
    });
    await server.listen();
    return server;
  }

  override arrived(session: Session, line: CommandLine): void {
    if (NOT_COUNTED.has(line.verb)) {
      super.arrived(session, line);
      return;
    }
    this.counted.push(`${line.verb} ${line.argument}`.trim());
    if (this.counted.length === this.at) this.#strike(session, line);
    else super.arrived(session, line);
  }

  #strike(session: Session, line: CommandLine): void {
    this.onStrike();
    if (this.how === 'refuse') {
      session.inTurn(() => session.reply('550 Struck.'));
      return;
    }
    if (this.how === 'cut') {
      session.inTurn(() => session.closeControl('rst'));
      return;
    }
    if (this.how === 'lose') {
      const { reply } = session;
      // A transfer begins by its preliminary reply.
      session.reply = (...lines) =>
        lines.every((text) => text.startsWith('1')) ? reply.apply(session, [...lines]) : Promise.resolve();
    }
    super.arrived(session, line);
    if (this.how === 'lose') session.inTurn(() => session.closeControl('rst'));
  }
}

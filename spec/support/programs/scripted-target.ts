/**
 * The scripted server as a target: it thinks for some turns of the event loop before each answer, and keeps a record of how
 * each session was set when it acted.
 */

import type { FtpClient } from '../../../lib/index.js';
import { clientOf } from '../../client/support/open.js';
import { Random } from '../random.js';
import {
  type AbortStyle,
  type Command,
  type ScriptedServer,
  type Session,
  scriptedServer,
} from '../scripted-server.js';
import { contentOf, directories, factsOf, markerOf, timeOf } from './places.js';
import type { Operation, Program } from './program.js';
import { operationsOf, type Target, type Told } from './target.js';
import { type Found, type Spelled, spell } from './verb.js';
import { verbOf } from './verbs/index.js';

/** The first name is unknown. The others are sent several commands at once, and some of them ports before their turn. */
const greetings = [
  '220 Ready',
  '220 ProFTPD Server',
  '220 Welcome to Pure-FTPd',
  '220 pyftpdlib ready.',
  '220 FTP server (GNU inetutils) ready.',
] as const;
const abortStyles: readonly [AbortStyle, ...AbortStyle[]] = ['426+225', '426+226', '226+225', '226+226'];
const verbsHeld =
  'PASS FEAT OPTS TYPE CWD CDUP PWD MKD RMD DELE RNFR RNTO SIZE MDTM MFMT MLST STAT SITE EPSV RETR STOR APPE STOU LIST NLST MLSD REST ABOR NOOP SYST HELP MODE ACCT ALLO SMNT';

interface Record extends Told {
  readonly argument: string;
}

export async function openScripted(program: Program): Promise<Target> {
  const random = new Random(program.pace);
  const greeting = random.pick(greetings);
  const server = await scriptedServer({ greeting, abort: random.pick(abortStyles) });
  return new ScriptedTarget(server, program);
}

class ScriptedTarget implements Target {
  readonly client: FtpClient;
  readonly #server: ScriptedServer;
  readonly #pace: number;
  readonly #records: Record[] = [];
  readonly #cuts = new Map<string, 'before it acts' | 'before it answers'>();
  /** How many commands each session was sent. */
  readonly #counts = new Map<number, number>();

  constructor(server: ScriptedServer, program: Program) {
    this.#server = server;
    this.#pace = program.pace;
    this.client = clientOf(server, { maxSessions: program.sessions, abortTimeoutMs: 2_000 });
    this.#plant(program);
    for (const verb of verbsHeld.split(' ')) {
      server.on(verb, (session, argument, command) => this.#handle(session, argument, command));
    }
  }

  spell(operation: Operation, id: string): Spelled {
    return spell(operation, id, { base: '', exact: true });
  }

  cut(nth: number): void {
    const open = this.#server.sessions.filter(({ closed }) => !closed);
    void open[nth % Math.max(1, open.length)]?.closeControl('rst');
  }

  cutAt(id: string, when: 'before it acts' | 'before it answers'): void {
    this.#cuts.set(id, when);
  }

  async settled(): Promise<void> {
    await Promise.all(
      this.#server.sessions.map((session) => new Promise<void>((resolve) => session.inTurn(async () => resolve()))),
    );
  }

  async find(path: string): Promise<Found> {
    const node = this.#server.tree.get(path);
    if (node === undefined) return undefined;
    const { modified } = node;
    return node.kind === 'file' ? { modified, text: node.bytes.toString('latin1') } : { modified };
  }

  told(id: string): readonly Told[] {
    const all = this.#records.filter(({ argument }) => isNamed(argument, id));
    // Later commands bring another session to the changed directory.
    const moved = all.findIndex(({ verb }) => verb === 'CWD');
    return all.filter(({ verb }, index) => verb !== 'CWD' || index === moved);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#server.close();
  }

  #plant(program: Program): void {
    const { tree } = this.#server;
    for (const directory of directories) {
      const prefix = directory === '/' ? '' : directory;
      tree.write(`${prefix}/${markerOf(directory)}`, Buffer.from('here'));
      for (const { id, operation } of operationsOf(program)) {
        const { plants } = verbOf(operation.verb);
        const { large } = this.spell(operation, id);
        if (plants === 'directory') tree.makeDirectory(`${prefix}/${id}`);
        if (plants === 'file') {
          tree.write(`${prefix}/${id}`, Buffer.from(contentOf(id, directory, large)), timeOf(id, directory));
        }
      }
    }
  }

  async #handle(session: Session, argument: string, command: Command): Promise<void> {
    await this.#think(session);
    const cut = this.#takeCut(argument);
    if (cut === 'before it acts') return session.closeControl('rst');
    const record = this.#record(session, argument, command);
    if (cut === 'before it answers') await session.closeControl('rst');
    try {
      if (/^(HELP|SITE)$/.test(command.verb) && !argument.startsWith('CHMOD')) {
        await session.reply(`200 ${command.verb} ${argument}`);
      } else await command.byDefault();
    } finally {
      record.answeredAt = this.#server.events.length;
      record.cut = session.closed;
    }
  }

  /** Mostly not at all, and now and then for long. */
  async #think({ id }: Session): Promise<void> {
    const count = (this.#counts.get(id) ?? 0) + 1;
    this.#counts.set(id, count);
    const random = new Random(this.#pace ^ (id * 7919 + count * 104_729));
    const turns = random.chance(0.5) ? 0 : random.chance(0.8) ? random.below(6) : random.below(60);
    for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }

  #takeCut(argument: string): 'before it acts' | 'before it answers' | undefined {
    for (const [id, when] of this.#cuts) {
      if (!isNamed(argument, id)) continue;
      this.#cuts.delete(id);
      return when;
    }
    return undefined;
  }

  #record({ state }: Session, argument: string, { verb }: Command): Record {
    const { directory, type, facts } = state;
    const at = this.#server.events.length;
    const record: Record = {
      ...{ verb, argument, at, answeredAt: Number.POSITIVE_INFINITY, cut: false },
      ...{ directory, type, facts: factsOf(facts) },
    };
    this.#records.push(record);
    return record;
  }
}

function isNamed(argument: string, id: string): boolean {
  return argument.split(/[^a-z0-9]+/).includes(id);
}

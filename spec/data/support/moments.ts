/**
 * The moments at which a transfer can be left, and how a scripted server is brought to each of them: it stops there,
 * tells so, and goes on when the spec lets it.
 */
import type { Observable } from 'rxjs';
import type { FtpSession } from '../../../lib/client/ftp-session.js';
import { Latch } from '../../control/support/connected.js';
import { transfer } from '../../support/scripted/commands/transfers.js';
import { eventOrClose, type MoveOutcome } from '../../support/scripted/data-moves.js';
import type { ScriptedServer, Session } from '../../support/scripted-server.js';

export const downloads = ['RETR', 'LIST', 'NLST', 'MLSD'] as const;
export const uploads = ['STOR', 'APPE'] as const;
export type TransferVerb = (typeof downloads)[number] | (typeof uploads)[number];
export const transferVerbs: readonly TransferVerb[] = [...downloads, ...uploads];

/** Where a server has stopped, and what lets it go on. */
export interface Stop {
  readonly reached: Promise<void>;
  readonly goOn: () => void;
}

export type Mode = 'passive' | 'active';

interface Moment {
  readonly stopAt: (server: ScriptedServer, verb: TransferVerb) => Stop;
  /** Which transfers have it. */
  readonly has: (verb: TransferVerb) => boolean;
}

/** The transfer under way, without an end of its own. */
export function start(ftp: FtpSession, verb: TransferVerb): Observable<unknown> {
  switch (verb) {
    case 'RETR':
      return ftp.retr$('/file', { start: 1 });
    case 'LIST':
      return ftp.list$('/dir');
    case 'NLST':
      return ftp.nlst$('/dir');
    case 'MLSD':
      return ftp.mlsd$('/dir');
    case 'STOR':
      return ftp.stor$('/up', endless(), { progressIntervalMs: 0, start: 1 });
    case 'APPE':
      return ftp.appe$('/up', endless());
  }
}

export function* endless(): Generator<Uint8Array> {
  const line = Buffer.from(`${'type=file;size=1; x'.padEnd(98, 'x')}\r\n`);
  const block = Buffer.concat(new Array<Buffer>(100).fill(line));
  for (;;) yield block;
}

const isUpload = (verb: TransferVerb): boolean => (uploads as readonly string[]).includes(verb);

/** Answers the next `verb` only when the spec lets it. */
function hold(server: ScriptedServer, verb: string): Stop {
  const [reached, let_] = [new Latch(), new Latch()];
  server.once(verb, async (_session, _argument, command) => {
    reached.open();
    await let_.opened;
    await command.byDefault();
  });
  return { reached: reached.opened, goOn: let_.open };
}

/** Lets `verb` move its bytes by `move`, between the server's own 150 and final reply. */
function moving(
  server: ScriptedServer,
  verb: TransferVerb,
  move: (session: Session, reached: () => void, goOn: Promise<void>) => Promise<MoveOutcome>,
): Stop {
  const [reached, let_] = [new Latch(), new Latch()];
  server.once(verb, (session) => {
    session.state.restart = 0;
    return transfer(session, server, 'Here we go.', () => move(session, reached.open, let_.opened));
  });
  return { reached: reached.opened, goOn: let_.open };
}

async function moveEndlessly(session: Session, verb: TransferVerb): Promise<MoveOutcome> {
  return isUpload(verb) ? (await session.receiveData()).outcome : session.sendData('', { chunks: endless() });
}

const always = (): boolean => true;
const hasRest = (verb: TransferVerb): boolean => verb === 'RETR' || verb === 'STOR';

export const moments = {
  'during TYPE': {
    stopAt: (server) => hold(server, 'TYPE'),
    // A server in its first type lists as it likes; MLSD does not depend on it.
    has: (verb) => verb === 'RETR' || isUpload(verb),
  },
  'during EPSV or EPRT': {
    stopAt: (server) => {
      const [passive, active] = [hold(server, 'EPSV'), hold(server, 'EPRT')];
      const goOn = (): void => {
        passive.goOn();
        active.goOn();
      };
      return { reached: Promise.race([passive.reached, active.reached]), goOn };
    },
    has: always,
  },
  'during REST': { stopAt: (server) => hold(server, 'REST'), has: hasRest },
  'before 150': {
    stopAt: (server, verb) => {
      const [reached, let_] = [new Latch(), new Latch()];
      server.once(verb, async (session) => {
        session.state.restart = 0;
        reached.open();
        await let_.opened;
        await transfer(session, server, 'Here we go.', () => moveEndlessly(session, verb));
      });
      return { reached: reached.opened, goOn: let_.open };
    },
    has: always,
  },
  'before a refusal': {
    stopAt: (server, verb) => {
      const [reached, let_] = [new Latch(), new Latch()];
      server.once(verb, async (session) => {
        reached.open();
        await let_.opened;
        await session.reply('550 No.');
        session.link?.close();
      });
      return { reached: reached.opened, goOn: let_.open };
    },
    has: always,
  },
  'after 150, before any data': {
    stopAt: (server, verb) =>
      moving(server, verb, async (session, reached, goOn) => {
        reached();
        await goOn;
        return moveEndlessly(session, verb);
      }),
    has: always,
  },
  'amid the data': {
    stopAt: (server, verb) =>
      moving(server, verb, async (session, reached) => {
        if (isUpload(verb)) return (await session.receiveData(reached)).outcome;
        return session.sendData('', { chunks: telling(endless(), reached) });
      }),
    has: always,
  },
  'after the data, before 226': {
    stopAt: (server, verb) =>
      moving(server, verb, async (session, reached, goOn) => {
        const data = await session.data();
        const outcome = await session.sendData('type=file;size=1; x\r\n');
        // The client ends its half when it has seen the end of the data.
        if (!data.readableEnded) await eventOrClose(data, 'end');
        reached();
        await goOn;
        return outcome;
      }),
    has: (verb) => !isUpload(verb),
  },
} as const satisfies Readonly<Record<string, Moment>>;

export type MomentName = keyof typeof moments;

/** The names of the moments that this transfer has. */
export function momentsOf(verb: TransferVerb): MomentName[] {
  return (Object.keys(moments) as MomentName[]).filter((name) => (moments[name] as Moment).has(verb));
}

/** Tells when the third chunk is asked for: the first has then left. */
function* telling(chunks: Iterable<Uint8Array>, tell: () => void): Generator<Uint8Array> {
  let asked = 0;
  for (const chunk of chunks) {
    asked += 1;
    if (asked === 3) tell();
    yield chunk;
  }
}

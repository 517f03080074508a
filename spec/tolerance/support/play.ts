/**
 * Plays one fault to one operation, and tells everything that was not as the rule wants it: the operation's own outcome,
 * the operations beside it, and those after it, which must be in step.
 */
import { lastValueFrom } from 'rxjs';
import { FtpClient } from '../../../lib/index.js';
import { type Handler, type ScriptedServer, type Session, scriptedServer } from '../../support/scripted-server.js';
import { type Fault, faultsOf, lagMs } from './faults.js';
import { type Expected, expected, type Verdict } from './judge.js';
import { compare, type Outcome, outcomeOf } from './outcome.js';
import type { Row } from './row.js';
import { files, prepare } from './rows.js';

export const unknownServer = '220 Some server';
/** Known to take several commands at once. */
export const knownServer = '220 ProFTPD Server ready.';

const unique = 'what only this file has';
const beside = { '/beside': 'twelve bytes', '/unique': unique };

interface Table extends AsyncDisposable {
  readonly server: ScriptedServer;
  readonly ftp: FtpClient;
}

async function laid(row: Row, greeting: string): Promise<Table> {
  const server = await scriptedServer({ files: { ...files, ...beside }, greeting, chunking: 'whole' });
  prepare(server, row);
  const ftp = new FtpClient({
    host: server.host,
    port: server.port,
    replyTimeoutMs: 3000,
    abortTimeoutMs: 2000,
    ...row.options,
  });
  if (row.cold === true) await lastValueFrom(ftp.pwd$());
  else await lastValueFrom(ftp.size$('/beside'));
  const close = async (): Promise<void> => {
    await ftp[Symbol.asyncDispose]();
    await server.close();
  };
  return { server, ftp, [Symbol.asyncDispose]: close };
}

/** The reply that the server itself gives to the row's command. */
export async function ownReply(row: Row): Promise<string> {
  await using at = await laid(row, unknownServer);
  let own = '';
  const note: Say = (session, line = '') => {
    own = line;
    return session.reply(line);
  };
  at.server.once(row.verb, replyReplaced(row, at.server, note));
  await row.run(at.ftp).catch(() => undefined);
  return own;
}

type Say = (session: Pick<Session, 'reply'>, own: string | undefined) => Promise<void>;

/** Does what the server does by itself, but for the reply that the row is about. */
function replyReplaced(row: Row, server: ScriptedServer, say: Say): Handler {
  return async (session, _argument, command) => {
    const send = session.reply.bind(session);
    const at = row.stage === 'final' ? 2 : 1;
    let sent = 0;
    session.reply = async (...lines) => {
      sent += 1;
      if (sent !== at) return send(...lines);
      // The client has seen the end of the data too: which came first is not the question here.
      if (row.stage === 'final') await server.event('data-closed');
      return say({ reply: send }, lines.join('\r\n'));
    };
    await (row.own === undefined ? command.byDefault() : session.reply(row.own));
    session.reply = send;
  };
}

interface Armed {
  /** Resolves when everything that comes late was sent. */
  readonly allSent: Promise<void>;
  /** Something is sent after the operation has ended. */
  readonly late: boolean;
  /** How many commands the server had got after the operation's, when it answered that. */
  readonly behind: () => number;
}

/** Lets the server do it once; what comes late is sent when `untilLate` resolves. */
function arm({ server }: Table, row: Row, fault: Fault, untilLate: () => Promise<unknown>): Armed {
  let behind = 0;
  let tellSent = (): void => {};
  const allSent = new Promise<void>((resolve) => {
    tellSent = resolve;
  });
  const say: Say = async (session, own) => {
    behind = server.journal.of('command').length - asked(server, row.verb);
    const { now, next, late } = faultNamed(row, own, fault);
    await session.reply(...now);
    if (next !== undefined) await lag().then(() => session.reply(...next));
    if (late === undefined) tellSent();
    else void untilLate().then(() => session.reply(...late).then(tellSent));
  };
  // The server has not done a refused command; its words are the fault's.
  const refused = row.stage !== 'final' && expected(row, fault, false).operation.is === 'refused';
  server.once(row.verb, refused ? (session) => say(session, undefined) : replyReplaced(row, server, say));
  return { allSent, late: fault.late !== undefined, behind: () => behind };
}

/** The place of the last command of that verb among all commands, from 1. */
const asked = ({ journal }: ScriptedServer, verb: string): number =>
  journal.of('command').findLastIndex((event) => event.verb === verb) + 1;

/** The same fault, around the reply that the server gives this time. */
const faultNamed = (row: Row, own: string | undefined, fault: Fault): Fault =>
  (own === undefined ? undefined : faultsOf(row, own).find(({ name }) => name === fault.name)) ?? fault;

const lag = (): Promise<void> => new Promise((passed) => setTimeout(passed, lagMs));

/** Lets the next reply to `verb` be followed by these lines in its packet. */
function armEarly({ server }: Table, verb: string, early: readonly string[]): void {
  server.once(verb, async (session, _argument, command) => {
    const send = session.reply.bind(session);
    session.reply = (...lines) => send(...lines, ...early);
    await command.byDefault();
    session.reply = send;
  });
}

/** The operation has the connection for itself; the server's greeting names no product. */
export async function playAlone(row: Row, fault: Fault): Promise<string[]> {
  await using at = await laid(row, unknownServer);
  if (fault.early !== undefined) {
    armEarly(at, 'HELP', fault.early);
    await lastValueFrom(at.ftp.help$());
  }
  const armed = arm(at, row, fault, lag);
  const outcome = await outcomeOf(row.run(at.ftp));
  const { operation } = expected(row, fault, false);
  return [...compare(row.name, outcome, operation), ...(await afterwards(at, row, { ...armed, sessions: 1 }))];
}

/** Other operations are subscribed in the same turn; the server is known to take several commands at once. */
export async function playTogether(row: Row, fault: Fault): Promise<string[]> {
  await using at = await laid(row, knownServer);
  const [verb, run] = neighbour(row);
  const before = fault.early === undefined ? undefined : outcomeOf(run(at.ftp, 0));
  if (fault.early !== undefined) armEarly(at, verb, fault.early);
  const ended: Promise<unknown>[] = [];
  // A late reply comes when all commands of the window are answered.
  const armed = arm(at, row, fault, () => Promise.all(ended));
  const operation = outcomeOf(row.run(at.ftp));
  const others = [outcomeOf(run(at.ftp, 1)), outcomeOf(run(at.ftp, 2))];
  ended.push(operation, ...others);
  const outcome = await operation;
  const results = await Promise.all(others);
  await before;
  const rule = expected(row, fault, armed.behind() > 0);
  const wrong = [...compare(row.name, outcome, rule.operation), ...compareOthers(results, verb, rule)];
  return [...wrong, ...(await afterwards(at, row, { ...armed, sessions: rule.others === 'right' ? 1 : 2 }))];
}

/** Its commands have other usual replies than the operation's: if they have the same, no client can tell them apart. */
type Neighbour = readonly [verb: string, run: (ftp: FtpClient, n: number) => Promise<unknown>];

function neighbour(row: Row): Neighbour {
  if (row.codes[0] === 213) return ['MKD', (ftp, n) => lastValueFrom(ftp.mkd$(`/made${n}`))];
  return ['SIZE', (ftp) => lastValueFrom(ftp.size$('/beside'))];
}

function compareOthers(results: readonly Outcome[], verb: string, { others }: Expected): string[] {
  return results.flatMap((result, at) => {
    const right: Verdict = { is: 'value', value: verb === 'MKD' ? `/made${at + 1}` : beside['/beside'].length };
    return compare(`${verb} beside it`, result, others === 'right' ? right : others);
  });
}

interface After extends Pick<Armed, 'allSent' | 'late'> {
  readonly sessions: number;
}

/** The next operations give their own values, on as many sessions as the rule wants. */
async function afterwards(at: Table, row: Row, { allSent, late, sessions }: After): Promise<string[]> {
  const wrong = await inStep(at, row);
  await allSent;
  if (late) wrong.push(...(await inStep(at, row)));
  if (at.server.sessions.length !== sessions) wrong.push(`${at.server.sessions.length} sessions, not ${sessions}`);
  return wrong;
}

async function inStep({ ftp, server }: Table, row: Row): Promise<string[]> {
  const pwd = async (): Promise<string[]> => {
    const outcome = await outcomeOf(lastValueFrom(ftp.pwd$()));
    return compare('PWD after it', outcome, { is: 'value', value: server.sessions.at(-1)?.state.directory });
  };
  const size = async (): Promise<string[]> => {
    const outcome = await outcomeOf(lastValueFrom(ftp.size$('/unique')));
    return compare('SIZE after it', outcome, { is: 'value', value: unique.length });
  };
  // First the one that cannot take a late reply of the row for its own.
  const [first, second] = row.codes !== 'any' && row.codes.includes(257) ? [size, pwd] : [pwd, size];
  return [...(await first()), ...(await second())];
}

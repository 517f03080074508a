/** Answers LIST, NLST, MLSD, MLST, and STAT of a path (RFC 959 section 4.1.3, RFC 3659 section 7). */
import { encodeUtf8 } from '../../protocol/encoding.js';
import { sendAll } from '../data-moves.js';
import { dosLine, factLine, type Listed, unixLine } from '../listing-format.js';
import { nameOf, prefixOf } from '../paths.js';
import { runTransfer } from '../run-transfer.js';
import type { Session } from '../session.js';
import { type CommandServer, type Handler, type HandlerTable, noSuch, pathOf } from './handler.js';

const list: Handler = (session, argument, server) => {
  const format = server.listing === 'dos' ? dosLine : unixLine;
  return listPath(session, argument, server, (entry) => format(entry, server.now()));
};

const nlst: Handler = (session, argument, server) => listPath(session, argument, server, ({ name }) => name);

const mlsd: Handler = (session, argument, server) => {
  const path = pathOf(session, argument);
  const kind = server.files.kind(path);
  if (kind === undefined) return noSuch(session, argument);
  if (kind === 'file') return session.reply(`501 ${argument}: Not a directory.`);
  const { facts } = session.state;
  return sendLines(session, entriesIn(server, path), (entry) => factLine(entry, facts));
};

const mlst: Handler = (session, argument, server) => {
  const path = pathOf(session, argument);
  const kind = server.files.kind(path);
  if (kind === undefined) return noSuch(session, argument);
  const entry: Listed = { name: path, isDirectory: kind === 'directory', file: server.files.entry(path) };
  return session.reply(`250-Listing ${argument}`, ` ${factLine(entry, session.state.facts)}`, '250 End');
};

const stat: Handler = (session, argument, server) => {
  if (argument === '')
    return session.reply('211-The state of this session:', ` Logged in as ${session.state.user}`, '211 End');
  const entries = entriesOf(session, argument, server);
  if (entries === undefined) return noSuch(session, argument);
  const lines = [...entries].map((entry) => ` ${unixLine(entry, server.now())}`);
  return session.reply('213-The listing:', ...lines, '213 End');
};

export const listingCommands: HandlerTable = { LIST: list, NLST: nlst, MLSD: mlsd, MLST: mlst, STAT: stat };

type Format = (entry: Listed) => string;

function listPath(session: Session, argument: string, server: CommandServer, format: Format): Promise<void> {
  const entries = entriesOf(session, argument, server);
  return entries === undefined ? noSuch(session, argument) : sendLines(session, entries, format);
}

/** `-la` and the like, which clients send though RFC 959 knows no flags. */
const FLAGS = /^(?:-[A-Za-z0-9]+(?: +|$))+/;

/**
 * A file itself, or the content of a directory; with the flag `-d`, a directory itself by the given name, as `ls` does. Undefined if there
 * is nothing. Other flags change nothing.
 */
function entriesOf(session: Session, argument: string, server: CommandServer): Iterable<Listed> | undefined {
  const [flags = ''] = FLAGS.exec(argument) ?? [];
  const given = argument.slice(flags.length);
  const path = pathOf(session, given);
  const kind = server.files.kind(path);
  if (kind === undefined) return undefined;
  const isItself = flags.includes('d');
  if (kind === 'directory' && !isItself) return entriesIn(server, path);
  const name = isItself ? given || '.' : nameOf(path);
  return [{ name, isDirectory: kind === 'directory', file: server.files.entry(path) }];
}

function* entriesIn({ files }: CommandServer, directory: string): Generator<Listed, void, undefined> {
  for (const [name, kind] of files.namesIn(directory)) {
    yield { name, isDirectory: kind === 'directory', file: files.entry(prefixOf(directory) + name) };
  }
}

/** A listing is made in pieces of about this many characters. */
const CHUNK_LENGTH = 64 * 1024;

function sendLines(session: Session, entries: Iterable<Listed>, format: Format): Promise<void> {
  return runTransfer(session, {
    direction: 'send',
    opening: 'Here comes the listing.',
    move: (socket, limit) => sendAll(socket, chunksOf(entries, format), limit),
  });
}

function* chunksOf(entries: Iterable<Listed>, format: Format): Generator<Uint8Array, void, undefined> {
  let text = '';
  for (const entry of entries) {
    text += `${format(entry)}\r\n`;
    if (text.length < CHUNK_LENGTH) continue;
    yield encodeUtf8(text);
    text = '';
  }
  yield encodeUtf8(text);
}

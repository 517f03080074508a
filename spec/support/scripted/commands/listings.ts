/** LIST, NLST, MLSD, MLST and STAT of a path. */
import { posix } from 'node:path';
import type { MemoryNode } from '../memory-tree.js';
import type { Session } from '../session.js';
import { type CommandServer, type DefaultHandler, type HandlerTable, noSuch, resolvePath } from './handler.js';
import { timeVal } from './time-val.js';
import { transfer } from './transfers.js';

type Format = (name: string, node: MemoryNode) => string;

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `ls -l`, always with the year: the tree's times are old, and the output must not depend on the clock. */
export function unixLine(name: string, node: MemoryNode): string {
  const mode = node.kind === 'directory' ? 'drwxr-xr-x' : '-rw-r--r--';
  const size = String(sizeOf(node)).padStart(10);
  const day = String(node.modified.getUTCDate()).padStart(2);
  const date = `${months[node.modified.getUTCMonth()]} ${day}  ${node.modified.getUTCFullYear()}`;
  return `${mode}   1 ftp      ftp      ${size} ${date} ${name}`;
}

/** RFC 3659's entry: facts, one space, the name. */
function machineLine({ state }: Session, name: string, node: MemoryNode): string {
  const facts = {
    type: node.kind === 'directory' ? 'dir' : 'file',
    size: node.kind === 'file' ? String(node.bytes.length) : undefined,
    modify: timeVal(node.modified),
  };
  const told = Object.entries(facts).filter(([fact, value]) => value && state.facts?.includes(fact) !== false);
  return `${told.map(([fact, value]) => `${fact}=${value};`).join('')} ${name}`;
}

const list = listing(unixLine);
const nlst = listing((name) => name);

const mlsd: DefaultHandler = (session, argument, server) => {
  const path = resolvePath(session, argument);
  if (server.tree.get(path) === undefined) return noSuch(session, argument);
  if (!server.tree.isDirectory(path)) return session.reply(`501 ${argument}: Not a directory`);
  return sendLines(
    session,
    server,
    entriesOf(server, path).map(([name, node]) => machineLine(session, name, node)),
  );
};

const mlst: DefaultHandler = (session, argument, { tree }) => {
  const path = resolvePath(session, argument);
  const node = tree.get(path);
  if (node === undefined) return noSuch(session, argument);
  return session.reply(`250-Listing ${path}\r\n ${machineLine(session, path, node)}\r\n250 End`);
};

const stat: DefaultHandler = (session, argument, server) => {
  if (argument === '') return session.reply('211-Status\r\n All is well.\r\n211 End of status');
  const path = resolvePath(session, argument);
  if (server.tree.get(path) === undefined) return noSuch(session, argument);
  const lines = entriesOf(server, path).map(([name, node]) => ` ${unixLine(name, node)}`);
  return session.reply(['213-Status follows:', ...lines, '213 End of status'].join('\r\n'));
};

export const listingCommands: HandlerTable = { LIST: list, NLST: nlst, MLSD: mlsd, MLST: mlst, STAT: stat };

function listing(format: Format): DefaultHandler {
  return (session, argument, server) => {
    const path = resolvePath(session, argument.replace(/^-\S+ ?/, ''));
    if (server.tree.get(path) === undefined) return noSuch(session, argument);
    return sendLines(
      session,
      server,
      entriesOf(server, path).map(([name, node]) => format(name, node)),
    );
  };
}

function entriesOf({ tree }: CommandServer, path: string): [string, MemoryNode][] {
  const file = tree.file(path);
  return file === undefined ? tree.children(path) : [[posix.basename(path), file]];
}

function sendLines(session: Session, server: CommandServer, lines: readonly string[]): Promise<void> {
  const text = lines.map((line) => `${line}\r\n`).join('');
  return transfer(session, server, 'Here comes the directory listing.', () => session.sendData(text));
}

function sizeOf(node: MemoryNode): number {
  return node.kind === 'file' ? node.bytes.length : 4096;
}

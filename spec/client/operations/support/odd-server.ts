/** A scripted server whose LIST or MLSD takes a path in one of the ways that servers were seen to. */
import { posix } from 'node:path';
import type { Session } from '../../../support/scripted/session.js';
import { type ScriptedServer, scriptedServer } from '../../../support/scripted-server.js';

/** The server's treatment of an argument. */
export type Way =
  /** Lists that directory, and refuses what is none. */
  | 'honest'
  /** Lists that directory, and what is none as an empty one (vsftpd). */
  | 'none as empty'
  /** Lists the session's directory (uftpd, SimpleFTPServer, in old versions). */
  | 'ignored'
  /** Lists the session's directory for what is none (SimpleFTPServer). */
  | 'none ignored'
  /** Gives the row of that directory itself. */
  | 'own row'
  /** The same, below a sum. */
  | 'own row and sum'
  /** Lists nothing, for want of members of that name. */
  | 'empty'
  | '501 No arguments.'
  /** Refuses all, with an argument and without. */
  | '550 Cannot.'
  | '502 What?'
  | '550 Permission denied.';

export interface OddServer {
  readonly mlsd: Way | undefined;
  readonly list: Way;
}

const ALWAYS = /^(502|550)/;

export async function oddServer(
  files: Readonly<Record<string, string>>,
  { mlsd, list }: OddServer,
  greeting = '220 Ready.',
): Promise<ScriptedServer> {
  const server = await scriptedServer({ files, greeting });
  server.features = mlsd === undefined ? [] : ['MLST type*;size*;'];
  for (const [verb, way] of [
    ['LIST', list],
    ['MLSD', mlsd ?? '502 What?'],
  ] as const) {
    server.on(verb, (session, _path, { argument }) => answer(server, session, { verb, way, argument }));
  }
  return server;
}

interface Asked {
  readonly verb: string;
  readonly way: Way;
  readonly argument: string;
}

async function answer(server: ScriptedServer, session: Session, { verb, way, argument }: Asked): Promise<void> {
  const here = session.state.directory;
  // The others take it for a name, of which there is no file.
  const asked = argument === '-a' && way === 'honest' ? here : posix.resolve(here, argument);
  const listed = argument === '' ? here : directoryListed(server, way, { here, asked });
  if (ALWAYS.test(way) || listed === '501') return session.reply(ALWAYS.test(way) ? way : '501 No arguments.');
  if (listed === '550') return session.reply('550 No such directory.');
  await session.reply('150 Here.');
  const isOwnRow = argument !== '' && way.startsWith('own row');
  const rows = isOwnRow ? [rowOf(verb, posix.basename(asked), false)] : rowsIn(server, verb, listed);
  const sum = verb === 'LIST' && (way === 'own row and sum' || argument === '') ? 'total 4\r\n' : '';
  await session.sendData(sum + rows.join(''));
  await session.reply('226 Done.');
}

/** The directory whose rows are sent; an empty text for none. */
function directoryListed(server: ScriptedServer, way: Way, { here, asked }: { here: string; asked: string }): string {
  const isThere = server.tree.isDirectory(asked);
  switch (way) {
    case 'ignored':
      return here;
    case 'none ignored':
      return isThere ? asked : here;
    case 'none as empty':
      return isThere ? asked : '';
    case 'empty':
      return isThere ? '' : '550';
    case '501 No arguments.':
      return '501';
    case '550 Cannot.':
    case '502 What?':
    case '550 Permission denied.':
    case 'honest':
    case 'own row':
    case 'own row and sum':
      return isThere ? asked : '550';
  }
}

function rowsIn(server: ScriptedServer, verb: string, path: string): string[] {
  if (path === '') return [];
  return server.tree.children(path).map(([name, { kind }]) => rowOf(verb, name, kind === 'file'));
}

function rowOf(verb: string, name: string, isFile: boolean): string {
  if (verb === 'MLSD') return `type=${isFile ? 'file' : 'dir'}; ${name}\r\n`;
  return `${isFile ? '-' : 'd'}rwxr-xr-x 1 u g 1 Jan  1  2024 ${name}\r\n`;
}

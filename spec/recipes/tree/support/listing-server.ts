/** A server whose directories list what a spec says, row by row: MLSD or LIST, in whatever format. */
import { FtpClient, type FtpOptions } from '../../../../lib/index.js';
import { type ScriptedServer, scriptedServer } from '../../../support/scripted-server.js';

/** The rows of each directory, by its absolute path; the directories are there. */
export type Listings = Readonly<Record<string, readonly string[]>>;

export interface ListingStage extends AsyncDisposable {
  readonly server: ScriptedServer;
  readonly ftp: FtpClient;
  /** The directories that were listed, in order. */
  readonly listed: readonly string[];
}

export async function listingStage(
  verb: 'MLSD' | 'LIST',
  listings: Listings,
  options: Partial<FtpOptions> = {},
): Promise<ListingStage> {
  const server = await scriptedServer();
  if (verb === 'LIST') server.features = [];
  for (const path of Object.keys(listings)) server.tree.makeDirectory(path);
  const listed: string[] = [];
  server.on(verb, async (session, argument) => {
    const path = argument.startsWith('/') ? argument : session.state.directory;
    listed.push(path);
    const rows = listings[path];
    if (rows === undefined) return session.reply('550 No such directory.');
    await session.reply('150 Here it comes.');
    await session.sendData(rows.map((row) => `${row}\r\n`).join(''));
    await session.reply('226 Done.');
  });
  const ftp = new FtpClient({ host: server.host, port: server.port, ...options });
  return {
    ...{ server, ftp, listed },
    async [Symbol.asyncDispose]() {
      await ftp[Symbol.asyncDispose]();
      await server.close();
    },
  };
}

/** A row of MLSD. */
export function fact(type: string, name: string, more = ''): string {
  return `type=${type};size=1;modify=20240203040506;${more} ${name}`;
}

/** A local directory and a server with a tree each, for specs of `plan$`, `apply$` and `mirror$`. */
import { mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FtpClient, type FtpOptions } from '../../../../lib/index.js';
import { type LocalPlace, local, type RemotePlace, remote } from '../../../../lib/recipes/index.js';
import { type TestServer, type TestServerOptions, testServer } from '../../../../lib/testing/index.js';
import { LocalDirectory } from '../../support/local-directory.js';

/** The time that files have unless they say otherwise. */
export const OLD = new Date('2024-05-06T07:08:09Z');

export interface MirrorStage extends AsyncDisposable {
  readonly server: TestServer;
  readonly ftp: FtpClient;
  readonly directory: LocalDirectory;
  readonly here: LocalPlace;
  readonly there: RemotePlace;
  /** Writes a local file of the time `OLD`. */
  write(path: string, content?: string | Uint8Array, time?: Date): Promise<void>;
  /** The local files and directories with their contents: `{ 'a/': '', 'a/b': 'text' }`. */
  localTree(): Promise<Record<string, string>>;
  /** The same of the server, below `/t`. */
  remoteTree(): Record<string, string>;
}

/** @param files of the server, below `/t`; a path that ends in `/` is a directory. */
export async function mirrorStage(
  files: Readonly<Record<string, string | Uint8Array>> = {},
  { server: serverOptions, client }: { server?: TestServerOptions; client?: Partial<FtpOptions> } = {},
): Promise<MirrorStage> {
  const directory = await LocalDirectory.make();
  const server = await testServer(serverOptions);
  server.files.set('/t/', '');
  for (const [path, bytes] of Object.entries(files)) {
    server.files.set(`/t/${path}`, path.endsWith('/') ? '' : { bytes, modified: OLD });
  }
  const ftp = new FtpClient({ ...server.options, maxSessions: 3, ...client });
  return {
    ...{ server, ftp, directory, here: local(directory.path), there: remote(ftp, '/t') },
    async write(path, content = '', time = OLD) {
      await mkdir(dirname(directory.at(path)), { recursive: true });
      await writeFile(directory.at(path), content);
      await utimes(directory.at(path), time, time);
    },
    localTree: () => localTree(directory.path),
    remoteTree: () => remoteTree(server, '/t/'),
    async [Symbol.asyncDispose]() {
      await ftp[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
      await directory[Symbol.asyncDispose]();
    },
  };
}

export async function localTree(root: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const path of (await readdir(root, { recursive: true })).toSorted()) {
    const content = await contentOf(join(root, path));
    if (content !== undefined)
      found[content === 'directory' ? `${path}/` : path] = content === 'directory' ? '' : content.text;
  }
  return found;
}

/** Undefined for what is being removed just now. */
async function contentOf(path: string): Promise<'directory' | { readonly text: string } | undefined> {
  try {
    if ((await stat(path)).isDirectory()) return 'directory';
    return { text: await readFile(path, 'latin1') };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

export function remoteTree(server: TestServer, root: string): Record<string, string> {
  const files = [...server.files.keys()].filter((path) => path.startsWith(root) && path !== root);
  const paths = [...new Set(files.flatMap((path) => [path, ...directoriesAbove(path, root)]))].toSorted();
  return Object.fromEntries(
    paths.map((path) => [path.slice(root.length), Buffer.from(server.files.get(path)?.bytes ?? []).toString('latin1')]),
  );
}

/** A server has directories that no path of its own names. */
function directoriesAbove(path: string, root: string): string[] {
  const found: string[] = [];
  for (let end = path.lastIndexOf('/', path.length - 2); end >= root.length; end = path.lastIndexOf('/', end - 1)) {
    found.push(path.slice(0, end + 1));
  }
  return found;
}

/**
 * The server an example talks to: the one in its arguments, or without arguments an embedded one with the made-up tree.
 *
 * `await using` ends what was started for the example and removes its folder.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { FtpOptions } from '../../lib/index.js';
import { parseFtpUrl } from '../../lib/index.js';
import { EmbeddedServer } from './embedded-server.js';
import { madeUpTree } from './made-up-tree.js';

export interface ExampleServer extends AsyncDisposable {
  readonly options: FtpOptions;
  /** The second argument, or the example's own choice. */
  readonly path: string;
  /** The directory that takes files: a temporary folder beside the embedded server, else the current one. */
  local(path: string): string;
}

/** @param path a path of the made-up tree, for when there are no arguments. */
export async function exampleServer(path: string): Promise<ExampleServer> {
  const [url, given] = process.argv.slice(2);
  if (url !== undefined) return namedServer(parseFtpUrl(url), given ?? path);
  const server = await EmbeddedServer.start({ files: madeUpTree() });
  const folder = await mkdtemp(join(tmpdir(), 'rxftp-example-'));
  return {
    options: { host: server.host, port: server.port },
    path,
    local: (name) => join(folder, basename(name)),
    async [Symbol.asyncDispose]() {
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function namedServer(options: FtpOptions, path: string): ExampleServer {
  return { options, path, local: (name) => basename(name), [Symbol.asyncDispose]: async () => {} };
}

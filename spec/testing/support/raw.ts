/** A test server with a raw client on it, so that the server is not proved by the library that it is to prove. */
import { type TestServer, type TestServerOptions, testServer } from '../../../lib/testing/index.js';
import { RawClient } from '../../support/raw-client.js';

export const files = {
  '/a.txt': { bytes: 'hello', modified: new Date('2024-02-03T04:05:06Z') },
  '/dir/b.txt': 'b\nb\n',
  '/empty/': '',
};

export interface RawSession extends AsyncDisposable {
  readonly server: TestServer;
  readonly client: RawClient;
}

/** Connected and not yet greeted. */
export async function connected(options: TestServerOptions = {}): Promise<RawSession> {
  const server = await testServer({ files, ...options });
  const client = await rawClient(server);
  return {
    server,
    client,
    async [Symbol.asyncDispose]() {
      client.socket.destroy();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** Logged in, with TYPE I. */
export async function loggedIn(options: TestServerOptions = {}): Promise<RawSession> {
  const session = await connected(options);
  await session.client.login(options.user, options.password);
  return session;
}

export function rawClient({ options }: TestServer): Promise<RawClient> {
  return RawClient.connect({ host: options.host, port: options.port ?? 0 });
}

/** One command, and what its reply must begin with. */
export type Line = readonly [command: string, reply: string];

/** Sends the commands one by one; gives each with its reply. */
export async function dialogue(client: RawClient, lines: readonly Line[]): Promise<Line[]> {
  const seen: Line[] = [];
  for (const [command, expected] of lines) {
    const reply = (await client.send(command)) ?? '(the connection is closed)';
    seen.push([command, reply.startsWith(expected) ? expected : reply]);
  }
  return seen;
}

/** A scripted server and a session on it, both closed by `await using`. */
import { connect$ } from '../../../lib/client/connect.js';
import type { FtpSession } from '../../../lib/client/ftp-session.js';
import type { FtpOptions } from '../../../lib/client/options.js';
import type { FtpState } from '../../../lib/control/session-state.js';
import { type Observation, observe } from '../../support/observe.js';
import { type ScriptedServer, type ScriptedServerOptions, scriptedServer } from '../../support/scripted-server.js';

export type ClientOptions = Partial<FtpOptions>;

export interface Connecting extends AsyncDisposable {
  readonly server: ScriptedServer;
  readonly connection: Observation<FtpSession>;
}

/** A connection attempt; `script` may prepare the server before it. */
export async function connecting(
  serverOptions: ScriptedServerOptions = {},
  clientOptions: ClientOptions = {},
  script: (server: ScriptedServer) => void = () => {},
): Promise<Connecting> {
  const server = await scriptedServer(serverOptions);
  script(server);
  const connection = observe(connect$({ host: server.host, port: server.port, ...clientOptions }), {
    name: 'connect$',
  });
  const dispose = async (): Promise<void> => {
    connection.unsubscribe();
    await server.close();
  };
  return { server, connection, [Symbol.asyncDispose]: dispose };
}

export class Connected implements AsyncDisposable {
  readonly server: ScriptedServer;
  readonly ftp: FtpSession;
  readonly connection: Observation<FtpSession>;
  readonly state: Observation<FtpState>;
  readonly #loginCommands: number;

  constructor({ server, connection }: Connecting, ftp: FtpSession) {
    this.server = server;
    this.connection = connection;
    this.ftp = ftp;
    this.state = observe(ftp.state$, { name: 'state$' });
    this.#loginCommands = server.commands.length;
  }

  /** The commands since the login. */
  get commands(): string[] {
    return this.server.commands.slice(this.#loginCommands);
  }

  /** The present value of `state$`. */
  get status(): FtpState['status'] | undefined {
    return this.state.values.at(-1)?.status;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.connection.unsubscribe();
    await this.server.close();
    await this.state.ended;
  }
}

/** A session, logged in. */
export async function connected(
  serverOptions: ScriptedServerOptions = {},
  clientOptions: ClientOptions = {},
  script?: (server: ScriptedServer) => void,
): Promise<Connected> {
  const attempt = await connecting(serverOptions, clientOptions, script);
  try {
    return new Connected(attempt, await attempt.connection.nth(1));
  } catch (error) {
    await attempt[Symbol.asyncDispose]();
    throw error;
  }
}

/** Something a handler waits for, and a spec lets happen. */
export class Latch {
  open: () => void = () => {};
  readonly opened: Promise<void> = new Promise((resolve) => {
    this.open = resolve;
  });
}

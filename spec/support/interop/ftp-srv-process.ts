/**
 * ftp-srv in a process of its own, so that it shares neither event loop nor leaked timers with the spec that uses it.
 *
 * The parent sends the options, gets back where the server is, and ends it by disconnecting: so it also ends when the
 * parent dies.
 */
import { EmbeddedServer, type EmbeddedServerOptions } from '../embedded-server.js';

export interface ListeningMessage {
  readonly host: string;
  readonly port: number;
  readonly root: string;
}

process.once('message', async (options: EmbeddedServerOptions) => {
  const server = await EmbeddedServer.start(options);
  process.once('disconnect', async () => {
    await server.close();
    process.exit();
  });
  const listening: ListeningMessage = { host: server.host, port: server.port, root: server.root };
  process.send?.(listening);
});

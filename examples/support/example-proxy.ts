/** An HTTP proxy on loopback that knows CONNECT alone, for an example. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

export interface ExampleProxy extends AsyncDisposable {
  /** The URL, with a user and a password. */
  readonly url: string;
  /** The address that it was asked to connect to. */
  readonly asked: readonly string[];
}

const AUTHORIZATION = `Basic ${Buffer.from('me:secret').toString('base64')}`;

export async function exampleProxy(): Promise<ExampleProxy> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const proxy = createServer().on('connect', ({ url = '', headers }, client: Socket) => {
    if (headers['proxy-authorization'] !== AUTHORIZATION) {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      return;
    }
    asked.push(url);
    const { hostname, port } = new URL(`tcp://${url}`);
    const server = connect(Number(port), hostname, () => client.write('HTTP/1.1 200 Connection established\r\n\r\n'));
    client.pipe(server).pipe(client);
    for (const socket of [client, server]) sockets.add(socket.on('error', () => client.destroy()));
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const { port } = proxy.address() as AddressInfo;
  const dispose = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    proxy.close();
    await once(proxy, 'close');
  };
  return { url: `http://me:secret@127.0.0.1:${port}`, asked, [Symbol.asyncDispose]: dispose };
}

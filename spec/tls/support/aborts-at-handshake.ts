/**
 * A process of its own that aborts transfers in the very tick of their TLS handshake: Node 20 crashes (segmentation fault)
 * when a raw socket and the TLS socket over it are both destroyed then, which no test runner survives.
 *
 * Says how many aborts it lived through. The `secureConnect` of a data connection cannot be seen from outside, so every
 * abort happens in it: `tls.checkServerIdentity` is called right before it is emitted.
 */
import { checkServerIdentity } from 'node:tls';
import { lastValueFrom, type Observable } from 'rxjs';
import { FtpClient } from '../../../lib/index.js';
import { scriptedServer } from '../../support/scripted-server.js';

const aborts = Number(process.argv[2]);
const version = process.argv[3] === 'TLSv1.2' ? 'TLSv1.2' : 'TLSv1.3';
/** Which server it says it is: for some TLS makes the data connection of a download itself. */
const welcome = process.argv[4] ?? 'Ready';

await using server = await scriptedServer({
  greeting: `220 ${welcome}`,
  tls: {
    mode: 'explicit',
    options: { minVersion: version, maxVersion: version, handshakeTimeout: 500 },
    separateSessions: true,
  },
  files: { '/a': Buffer.alloc(100_000) },
});
// Data connections that forget every session: each does a full handshake, and verifies the server.
server.on('EPSV', async (_session, _argument, { byDefault }) => {
  Object.assign(server.dataTls ?? {}, { ticketKeys: crypto.getRandomValues(Buffer.alloc(48)) });
  await byDefault();
});

let strike = (): void => undefined;
await using ftp = new FtpClient({
  host: server.host,
  port: server.port,
  secure: 'explicit',
  tls: {
    ca: server.tls?.authority.cert,
    checkServerIdentity: (host, certificate) => {
      strike();
      return checkServerIdentity(host, certificate);
    },
  },
});
await lastValueFrom(ftp.noop$());

let struck = 0;
for (let n = 0; n < aborts; n += 1) {
  await new Promise<void>((resolve, reject) => {
    const transfer: Observable<unknown> = n % 2 === 0 ? ftp.retr$('/a') : ftp.stor$('/b', Buffer.alloc(100_000));
    const subscription = transfer.subscribe({ error: reject, complete: resolve });
    strike = () => {
      const leave = (): void => {
        subscription.unsubscribe();
        struck += 1;
        resolve();
      };
      // Before secureConnect, in its tick, in the microtasks behind it, and just after.
      if (n % 4 === 0) leave();
      else if (n % 4 === 1) process.nextTick(leave);
      else if (n % 4 === 2) queueMicrotask(leave);
      else setImmediate(leave);
    };
  });
  strike = () => undefined;
  await lastValueFrom(ftp.noop$());
}
console.log(`${struck} aborts, alive`);

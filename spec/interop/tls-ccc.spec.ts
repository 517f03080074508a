/**
 * CCC on the servers that allow it (ProFTPD, Pure-FTPd): the control connection goes on in clear text, readable for a
 * firewall, and the data connections stay under the TLS session they had. The others refuse it.
 */
import { readFile, writeFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { lastValueFrom, toArray } from 'rxjs';
import { expect, it } from 'vitest';
import { type Connector, connect$, connectSocket, FtpReplyError } from '../../lib/index.js';
import { endAfterEach } from '../support/endings.js';
import { describeInterop, optionsFor, startInterop } from '../support/interop/interop-server.js';
import { observe } from '../support/observe.js';
import type { ServerOptions } from '../support/real-servers/real-server.js';

const endLater = endAfterEach();

/** A session that may be cleared, and what its control connection carries, as somebody on the way sees it. */
async function openClearable(name: 'proftpd' | 'pure-ftpd' | 'vsftpd' | 'pyftpdlib', options: ServerOptions) {
  const server = await startInterop(name, options);
  endLater(() => server.stop());
  await writeFile(join(server.root, 'a.txt'), 'hello');
  await server.adopt();
  let seen = '';
  const connector: Connector = async (endpoint, signal) => {
    const socket = (await connectSocket(endpoint, signal)) as Socket;
    if (endpoint.channel === 'control') socket.on('data', (chunk: Buffer) => (seen += chunk.toString('latin1')));
    return socket;
  };
  const session = observe(connect$(optionsFor(server, { allowCcc: true, connector })), { name: 'connect$' });
  const ftp = await session.nth(1);
  endLater(async () => {
    const closed = lastValueFrom(ftp.state$);
    session.unsubscribe();
    await closed;
  });
  return { server, ftp, seen: () => seen };
}

describeInterop(['proftpd', 'pure-ftpd'], (name) => {
  it.each(['1.2', '1.3'] as const)('is cleared, and works on (%s)', async (tlsVersion) => {
    // mod_tls refuses what follows CCC in clear where TLSRequired is on; it is off by default.
    const { server, ftp, seen } = await openClearable(name as 'proftpd' | 'pure-ftpd', { tls: 'explicit', tlsVersion });
    await lastValueFrom(ftp.retr$('a.txt'));
    expect(seen()).not.toMatch(/^226[ -]/m);
    expect(await lastValueFrom(ftp.ccc$())).toMatchObject({ class: 2 });
    expect(await lastValueFrom(ftp.pwd$())).toBe(server.home);
    expect(seen()).toMatch(/257 "/);
    const chunks = await lastValueFrom(ftp.retr$('a.txt').pipe(toArray()));
    expect(Buffer.concat(chunks).toString()).toBe('hello');
    await lastValueFrom(ftp.stor$('b.txt', 'sent after CCC'));
    expect(await readFile(join(server.root, 'b.txt'), 'utf8')).toBe('sent after CCC');
    expect(await lastValueFrom(ftp.entries$('/').pipe(toArray()))).toHaveLength(2);
    using download = observe(ftp.retr$('a.txt'));
    await download.ended;
    expect(await lastValueFrom(ftp.size$('a.txt'))).toBe(5);
  });
});

describeInterop(['vsftpd', 'pyftpdlib'], (name) => {
  it('refuses it, and the session stays under TLS', async () => {
    const { ftp, seen } = await openClearable(name as 'vsftpd' | 'pyftpdlib', { tls: 'explicit' });
    expect(await observe(ftp.ccc$()).failed).toBeInstanceOf(FtpReplyError);
    await lastValueFrom(ftp.retr$('a.txt'));
    await lastValueFrom(ftp.pwd$());
    expect(seen()).not.toMatch(/257 "/);
  });
});

/** The course of a transfer, whichever its command is. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { loggedIn } from './support/raw.js';

describe('a transfer', () => {
  it.each(['RETR a.txt', 'STOR new', 'LIST'])('without a port is a 425: %s', async (command) => {
    await using at = await loggedIn();
    expect(await at.client.send(command)).toBe('425 Use PASV, EPSV, PORT or EPRT first.');
  });

  it.each(['RETR a.txt', 'STOR new', 'LIST'])('whose port cannot be reached is a 425: %s', async (command) => {
    await using at = await loggedIn();
    // The client's own port for the control connection does not listen.
    const { localPort = 0 } = at.client.socket;
    expect(await at.client.send(`EPRT |1|127.0.0.1|${localPort}|`)).toContain('200 ');
    expect(await at.client.send(command)).toContain('150 ');
    expect(await at.client.reply()).toBe('425 Cannot open the data connection.');
    expect(at.server.files.has('/new')).toBe(false);
  });

  it('that waits for its connection ends by ABOR', async () => {
    await using at = await loggedIn();
    await at.client.send('EPSV');
    expect(await at.client.send('RETR a.txt')).toContain('150 ');
    expect(await at.client.send('ABOR')).toBe('426 Connection closed; transfer aborted.');
    expect(await at.client.code()).toBe(226);
  });

  it('takes a connection once: the port is closed with it', async () => {
    await using at = await loggedIn();
    const port = await at.client.passivePort();
    const data = connect({ host: '127.0.0.1', port });
    data.resume();
    expect(await at.client.send('RETR a.txt')).toContain('150 ');
    expect(await at.client.code()).toBe(226);
    const second = connect({ host: '127.0.0.1', port });
    const [error] = (await once(second, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNREFUSED');
  });

  it.each(['RETR large', 'STOR new'])('whose client leaves the data connection is a 426: %s', async (command) => {
    await using at = await loggedIn({ files: { '/large': new Uint8Array(10_000_000) } });
    const data = await at.client.passive();
    data.on('error', () => {});
    expect(await at.client.send(command)).toContain('150 ');
    data.resetAndDestroy();
    expect(await at.client.code()).toBe(426);
    expect(await at.client.send('NOOP')).toContain('200 ');
  });
});

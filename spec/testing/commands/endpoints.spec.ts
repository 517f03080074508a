import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { readToEnd } from '../../support/raw-client.js';
import { dialogue, type Line, loggedIn } from '../support/raw.js';

async function listening(): Promise<{ readonly port: number; readonly accepted: Promise<Socket>; close(): void }> {
  const server = createServer();
  const accepted = once(server, 'connection').then(([socket]) => socket as Socket);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, accepted, close: () => void server.close() };
}

describe('the data connection', () => {
  it.each(['PORT', 'EPRT'] as const)('goes to the client by %s', async (verb) => {
    await using at = await loggedIn();
    const listener = await listening();
    const { port } = listener;
    const argument = verb === 'EPRT' ? `|1|127.0.0.1|${port}|` : `127,0,0,1,${port >> 8},${port & 0xff}`;
    expect(await at.client.send(`${verb} ${argument}`)).toContain('200 ');
    const opening = at.client.send('RETR a.txt');
    expect((await readToEnd(await listener.accepted)).toString()).toBe('hello');
    expect(await opening).toContain('150 ');
    expect(await at.client.code()).toBe(226);
    listener.close();
  });

  it('comes from the client by PASV', async () => {
    await using at = await loggedIn();
    const reply = await at.client.send('PASV');
    expect(reply).toMatch(/^227 .*\(127,0,0,1,\d+,\d+\)\.$/);
  });

  it('goes to no other host, and to no port that is none', async () => {
    await using at = await loggedIn();
    const lines: Line[] = [
      ['PORT 127,0,0,2,4,1', '504 '],
      ['PORT 192,0,2,1,4,1', '504 '],
      ['PORT 127,0,0,1,0,0', '501 '],
      ['PORT 127,0,0,1,4', '501 '],
      ['PORT 127,0,0,1,256,1', '501 '],
      ['PORT', '501 '],
      ['EPRT |1|192.0.2.1|1025|', '504 '],
      ['EPRT |1|127.0.0.1|x|', '501 '],
      ['EPRT |1|127.0.0.1|99999|', '501 '],
      ['EPRT |2|::1|1025|', '522 '],
      ['EPRT nonsense', '522 '],
      ['EPSV 2', '522 '],
      ['EPSV 1', '229 '],
      ['EPSV ALL', '200 '],
      ['PASV', '501 '],
      ['PORT 127,0,0,1,4,1', '501 '],
      ['EPRT |1|127.0.0.1|1025|', '501 '],
      ['EPSV', '229 '],
    ];
    expect(await dialogue(at.client, lines)).toEqual(lines);
  });

  it('that cannot be made is a 425', async () => {
    await using at = await loggedIn();
    const listener = await listening();
    const closed = new Promise<void>((resolve) => setImmediate(resolve));
    listener.close();
    await closed;
    await at.client.send(`EPRT |1|127.0.0.1|${listener.port}|`);
    expect(await at.client.send('RETR a.txt')).toContain('150 ');
    expect(await at.client.reply()).toBe('425 Cannot open the data connection.');
  });
});

/** Sessions, and how a server ends: with nothing left. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { inspect } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { type TestServer, testServer } from '../../lib/testing/index.js';
import { secret } from '../support/canary.js';
import { type Certificate, CertificateAuthority } from '../support/certificates.js';
import { readToEnd } from '../support/raw-client.js';
import { loggedIn, rawClient } from './support/raw.js';

let pair: Certificate;

beforeAll(async () => {
  pair = await (await CertificateAuthority.create()).issue();
});

describe('a test server', () => {
  it('listens on the port that was asked for, again after its end', async () => {
    const first = await testServer();
    const { port = 0 } = first.options;
    await first[Symbol.asyncDispose]();
    await using second = await testServer({ port });
    expect(second.options.port).toBe(port);
  });

  it('refuses a line without an end', async () => {
    await using at = await loggedIn();
    at.client.write('x'.repeat(70_000));
    expect(await at.client.reply()).toBe('500 The line is too long.');
    expect(await at.client.reply()).toBeUndefined();
  });

  it('answers all of many commands that come at once', async () => {
    await using at = await loggedIn();
    at.client.write('NOOP\r\n'.repeat(5000));
    for (let count = 0; count < 5000; count += 1) expect(await at.client.code()).toBe(200);
    expect(await at.client.send('PWD')).toContain('257 ');
  });

  it('drops the commands that come behind AUTH, however many', async () => {
    await using server = await testServer({ secure: { mode: 'explicit', ...pair } });
    const client = await rawClient(server);
    await client.reply();
    client.write(`AUTH TLS\r\n${'NOOP\r\n'.repeat(1100)}`);
    expect(await client.reply()).toContain('234 ');
    await client.secure({ rejectUnauthorized: false });
    expect(await client.send('SYST')).toContain('215 ');
    client.socket.destroy();
  });

  it('reads no further where many commands wait', async () => {
    await using at = await loggedIn();
    at.server.fail('PWD', { stall: 'control' });
    at.client.write('PWD\r\n');
    for (let count = 0; count < 100; count += 1) at.client.write('NOOP\r\n'.repeat(10_000));
    for (let before = -1; before !== at.server.commands.length; ) {
      before = at.server.commands.length;
      for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(at.server.commands.length).toBeLessThan(100_000);
  });

  it.each<[string, (server: TestServer) => void, string]>([
    ['QUIT', () => {}, '221 '],
    ['NOOP', (server) => server.fail('NOOP', { refuse: 421 }), '421 '],
    ['PASS x', (server) => server.fail('PASS', { refuse: 421, text: 'Too many users.' }), '421 Too many users.'],
    ['NOOP', (server) => void server.on('NOOP', () => '421 Idle.'), '421 Idle.'],
    ['QUIT', (server) => void server.on('QUIT', () => ['221-Bye.', '221 Bye.']), '221-Bye.'],
  ])('does nothing behind a %s that ends the session', async (command, prepare, reply) => {
    await using at = await loggedIn();
    prepare(at.server);
    at.client.write(`${command}\r\nDELE a.txt\r\n`);
    expect(await at.client.reply()).toContain(reply);
    expect(await at.client.reply()).toBeUndefined();
    expect(at.server.files.has('/a.txt')).toBe(true);
  });

  it.each<[string, (server: TestServer) => void]>([
    ['APPE a.txt', () => {}],
    ['STOU', () => {}],
    ['LIST', () => {}],
    ['HASH a.txt', () => {}],
    ['RETR nope', () => {}],
    ['RETR a.txt', (server) => server.fail('RETR', { refuse: 450 })],
    [
      'RETR a.txt',
      (server) => void server.on('RETR', ({ argument }) => (argument === 'a.txt' ? '450 No.' : undefined)),
    ],
  ])('forgets REST and RANG after %s', async (command, prepare) => {
    await using at = await loggedIn();
    prepare(at.server);
    for (const before of ['REST 1', 'RANG 1 2']) {
      await at.client.send(before);
      await at.client.send(command);
      expect((await at.client.download('RETR ./a.txt')).bytes.toString()).toBe('hello');
    }
  });

  it('closes the passive port where a handler of the transfer throws', async () => {
    const at = await loggedIn();
    at.server.on('RETR', ({ argument }) => {
      if (argument === 'a.txt') throw new Error('of the test');
      return undefined;
    });
    const data = await at.client.passive();
    expect(await at.client.send('RETR a.txt')).toContain('451 ');
    expect((await readToEnd(data)).length).toBe(0);
    expect(await at.client.send('RETR ./a.txt')).toContain('425 ');
    await expect(at[Symbol.asyncDispose]()).rejects.toThrow('of the test');
  });

  it('shows no password and no key when it is printed', async () => {
    const password = secret('a-canary-password');
    await using server = await testServer({ user: 'me', password, secure: { mode: 'explicit', ...pair } });
    const shown = inspect(server, { depth: 5, showHidden: true });
    expect(shown).not.toContain(password);
    expect(shown).not.toContain('PRIVATE KEY');
  });

  it('ends with sessions, transfers and ports open', async () => {
    const server = await testServer({ files: { '/large': 'x'.repeat(10_000_000) } });
    const client = await rawClient(server);
    await client.login();
    const data = await client.passive();
    data.on('error', () => {});
    await client.send('RETR large');
    const other = await rawClient(server);
    await other.login();
    await other.send('EPSV');
    await server[Symbol.asyncDispose]();
    expect(await client.reply()).toBeUndefined();
    for (const socket of [client.socket, other.socket, data]) socket.destroy();
  });

  it('leaves nothing of a session that goes away in the middle', async () => {
    await using at = await loggedIn();
    await at.client.send('EPSV');
    at.client.socket.resetAndDestroy();
    const other = await rawClient(at.server);
    await other.login();
    expect(await other.send('PWD')).toContain('257 ');
    other.socket.destroy();
  });

  it('lets no stranger take a data connection', async () => {
    await using at = await loggedIn();
    const [, port] = /\|\|\|(\d+)\|/.exec((await at.client.send('EPSV')) ?? '') ?? [];
    const stranger = connect({ host: '127.0.0.1', port: Number(port), localAddress: '127.0.0.2' });
    stranger.on('error', () => {});
    await once(stranger, 'close');
    const data = connect({ host: '127.0.0.1', port: Number(port) });
    await once(data, 'connect');
    const opening = at.client.send('RETR a.txt');
    expect(String((await once(data, 'data'))[0])).toBe('hello');
    expect(await opening).toContain('150 ');
    data.destroy();
  });

  it('leaves nothing behind after 1,000 times', async () => {
    const before = process.getActiveResourcesInfo().filter((kind) => kind.startsWith('TCP')).length;
    for (let round = 0; round < 1000; round += 1) {
      const server = await testServer({ files: { '/a': 'x' } });
      if (round % 10 === 0) {
        const client = await rawClient(server);
        await client.reply();
        const closed = once(client.socket, 'close');
        await server[Symbol.asyncDispose]();
        await closed;
      } else await server[Symbol.asyncDispose]();
    }
    // Node frees a closed handle a turn or two later.
    for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(process.getActiveResourcesInfo().filter((kind) => kind.startsWith('TCP'))).toHaveLength(before);
  });
});

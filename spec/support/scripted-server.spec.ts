import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { RawClient, readToEnd } from './raw-client.js';
import { abortAnswer } from './scripted/abort-style.js';
import { everyAbortStyle, type ScriptedServerOptions, scriptedServer } from './scripted-server.js';

const files = { '/a.txt': 'hello', '/dir/b.txt': 'b\nb\n', '/empty/': '' };

async function loggedIn(options: ScriptedServerOptions = {}) {
  const server = await scriptedServer({ files, ...options });
  const client = await RawClient.connect(server);
  await client.login();
  const close = (): Promise<void> => {
    client.socket.destroy();
    return server.close();
  };
  return { server, client, [Symbol.asyncDispose]: close };
}

describe('the scripted server without a script', () => {
  it.each(['whole', 'bytes'] as const)('is a small correct server (%s)', async (chunking) => {
    await using at = await loggedIn({ chunking });
    const { client, server } = at;
    expect(await client.send('PWD')).toBe('257 "/" is the current directory');
    expect(await client.send('SIZE a.txt')).toBe('213 5');
    expect(await client.send('MDTM a.txt')).toBe('213 20240203040506');
    expect(await client.send('MLST a.txt')).toContain(' type=file;size=5;modify=20240203040506; /a.txt');
    expect(await client.send('FEAT')).toContain(' REST STREAM\r\n');
    expect((await client.download('RETR a.txt')).bytes.toString()).toBe('hello');
    expect((await client.download('NLST')).bytes.toString()).toBe('a.txt\r\ndir\r\nempty\r\n');
    expect((await client.download('MLSD dir')).bytes.toString()).toBe(
      'type=file;size=4;modify=20240203040506; b.txt\r\n',
    );
    expect(await client.upload('STOR new.txt', 'new')).toEqual([
      '150 Ok to send data for new.txt.',
      '226 Transfer complete.',
    ]);
    expect(server.tree.text('/new.txt')).toBe('new');
    expect(await client.send('QUIT')).toBe('221 Goodbye.');
    expect(await client.reply()).toBeUndefined();
    expect(server.commands.slice(0, 3)).toEqual(['USER anonymous', 'PASS anonymous@', 'TYPE I']);
  });

  it('restarts, appends, renames and removes', async () => {
    await using at = await loggedIn();
    const { client, server } = at;
    await client.send('REST 2');
    expect((await client.download('RETR a.txt')).bytes.toString()).toBe('llo');
    await client.send('REST 2');
    await client.upload('STOR a.txt', 'y');
    await client.upload('APPE a.txt', '!');
    expect(server.tree.text('/a.txt')).toBe('hey!');
    await client.send('RNFR dir');
    expect(await client.send('RNTO moved')).toBe('250 Renamed.');
    expect(server.tree.text('/moved/b.txt')).toBe('b\nb\n');
    expect(await client.send('DELE a.txt')).toBe('250 File deleted.');
    expect(await client.send('DELE a.txt')).toContain('550');
    expect(await client.send('RMD moved')).toContain('550');
  });

  it('stores a file of nothing, also when the data connection has ended before STOR', async () => {
    await using at = await loggedIn();
    const { client, server } = at;
    const socket = await client.passive();
    socket.resume().end();
    await server.event('data-ended');
    expect(await client.send('STOR none.txt')).toContain('150');
    expect(await client.code()).toBe(226);
    expect(server.tree.text('/none.txt')).toBe('');
    expect(await client.send('STOU missing/none.txt')).toBe('553 missing/none.txt: Could not create file.');
  });

  it('sends text with CRLF in ASCII type', async () => {
    await using at = await loggedIn();
    await at.client.send('TYPE A');
    expect((await at.client.download('RETR dir/b.txt')).bytes.toString()).toBe('b\r\nb\r\n');
  });

  it('connects back in active mode, also as a stranger', async () => {
    await using at = await loggedIn();
    at.server.once('EPRT', (session, argument) => {
      const port = Number(argument.split('|')[3]);
      session.connectTo({ host: '127.0.0.1', port }, '127.0.0.2');
      return session.reply('200 From elsewhere.');
    });
    const listener = (await import('node:net')).createServer().listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const { port } = listener.address() as { port: number };
    const froms: (string | undefined)[] = [];
    for (const expected of ['127.0.0.2', '127.0.0.1']) {
      await at.client.send(`EPRT |1|127.0.0.1|${port}|`);
      const connection = once(listener, 'connection');
      const opened = at.client.send('RETR a.txt');
      const [socket] = await connection;
      froms.push(socket.remoteAddress);
      expect(await opened).toContain('150');
      expect((await readToEnd(socket)).toString()).toBe('hello');
      expect(await at.client.code()).toBe(226);
      expect(froms.at(-1)).toBe(expected);
    }
    listener.close();
  });

  it('records what came in clear', async () => {
    await using at = await loggedIn();
    await at.client.upload('STOR c.txt', 'in the open');
    expect(at.server.clear.toString()).toContain('PASS anonymous@\r\n');
    expect(at.server.clear.toString()).toContain('in the open');
  });
});

describe('a script', () => {
  it('greets as it is told', async () => {
    await using server = await scriptedServer({ greeting: ['120 Soon.', '220-Hello\r\n220 Now.'] });
    using client = await RawClient.connect(server);
    expect(await client.reply()).toBe('120 Soon.');
    expect(await client.reply()).toBe('220-Hello\r\n220 Now.');
  });

  it('says nothing when told so, and still sees what comes', async () => {
    await using server = await scriptedServer({ greeting: false, login: false });
    using client = await RawClient.connect(server);
    server.answer('NOOP');
    client.write('NOOP\r\n');
    expect((await server.received('NOOP')).line.toString()).toBe('NOOP\r\n');
    expect(await client.send('PWD')).toContain('257');
  });

  it('cuts replies where it likes', async () => {
    await using server = await scriptedServer({ login: false });
    using client = await RawClient.connect(server);
    await client.reply();
    server.on('NOOP', (session) => session.replyRaw('200 ok\r\n', 'bytes'));
    client.chunks.length = 0;
    await client.send('NOOP');
    expect(client.chunks).toEqual([...'200 ok\r\n']);
  });

  it('waits for events instead of a while, in order', async () => {
    await using at = await loggedIn();
    const opened = at.server.event('data-opened');
    const download = at.client.download('RETR a.txt');
    const { seq } = await at.server.received('RETR');
    expect((await opened).seq).toBeLessThan(seq);
    await download;
  });

  it('fails the spec whose handler throws', async () => {
    const server = await scriptedServer({ login: false });
    using client = await RawClient.connect(server);
    await client.reply();
    server.on('NOOP', () => {
      throw new Error('a bad script');
    });
    expect(await client.send('NOOP')).toContain('451');
    await expect(server.close()).rejects.toThrow('handler');
  });

  it('floods without end and without filling memory', async () => {
    await using at = await loggedIn();
    const block = Buffer.alloc(1024 * 1024);
    function* flood(): Generator<Uint8Array> {
      for (;;) yield block;
    }
    let outcome: Promise<string> | undefined;
    at.server.on('RETR', async (session) => {
      void session.reply('150 Here it comes.');
      outcome = session.sendData('', { chunks: flood() });
      await outcome;
    });
    const data = await at.client.passive();
    data.pause();
    await at.client.send('RETR a.txt');
    const before = process.memoryUsage().arrayBuffers;
    await new Promise<void>((resolve) => {
      data.on('data', () => data.bytesRead > 64 * block.length && resolve());
      data.resume();
    });
    data.resetAndDestroy();
    expect(await outcome).toBe('broken');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(48 * block.length);
  });

  it('does the default around its own', async () => {
    await using at = await loggedIn();
    at.server.once('PWD', async (session, _argument, command) => {
      await session.reply('257-"/" first');
      await command.byDefault();
    });
    expect(await at.client.send('PWD')).toBe('257-"/" first\r\n257 "/" is the current directory');
  });

  it('answers the FIN of a client with its own, after what is still to say', async () => {
    await using at = await loggedIn();
    at.client.socket.end('NOOP\r\n');
    expect(await at.client.reply()).toBe('200 NOOP ok.');
    expect(await at.client.reply()).toBeUndefined();
    expect(await at.server.event('control-closed')).toMatchObject({ reset: false });
  });

  it.each([
    'control',
    'data',
  ] as const)('closes a %s connection that it has ended and reset in one turn', async (which) => {
    await using at = await loggedIn();
    const data = await at.client.passive();
    const [session] = at.server.sessions;
    const link = await session?.link?.socket();
    if (which === 'data') {
      link?.end();
      session?.link?.reset();
    } else {
      void session?.closeControl('fin');
      await session?.closeControl('rst');
      link?.destroy();
    }
    expect(await at.server.event(`${which}-closed`)).toMatchObject({ reset: false });
    data.destroy();
  });

  it('rejects a wait that the close has overtaken', async () => {
    const server = await scriptedServer();
    const never = server.received('RETR');
    await server.close();
    await expect(never).rejects.toThrow('never saw');
  });
});

describe('an aborted transfer', () => {
  const big = { '/big': Buffer.alloc(32 * 1024 * 1024) };

  it.each(everyAbortStyle)('is answered as in %s', async (abort) => {
    await using at = await loggedIn({ files: big, abort });
    const data = await at.client.passive();
    expect(await at.client.send('RETR big')).toContain('150');
    await once(data, 'data');
    at.client.write('ABOR\r\n');
    await at.server.received('ABOR');
    data.resetAndDestroy();
    const answer = abortAnswer(abort);
    const inOrder = answer.aborFirst === true ? [answer.abor, answer.transfer] : [answer.transfer, answer.abor];
    for (const expected of inOrder.filter((reply) => reply !== undefined)) {
      expect(await at.client.reply()).toBe(expected);
    }
    expect(await at.client.send('PWD')).toBe(answer.hangsUp === true ? undefined : '257 "/" is the current directory');
    expect((await at.server.event('data-closed')).reset).toBe(true);
  });

  it('ends when ABOR arrives on a server that reads during transfers', async () => {
    await using at = await loggedIn({ files: big, abortsAtOnce: true, abort: '426+226' });
    const data = await at.client.passive();
    data.on('error', () => undefined);
    await at.client.send('RETR big');
    at.client.write('ABOR\r\n');
    expect([await at.client.code(), await at.client.code()]).toEqual([426, 226]);
    data.destroy();
  });

  it('is given up before its data connection is there', async () => {
    await using at = await loggedIn({ abortsAtOnce: true, abort: '426+226' });
    await at.client.send('EPSV');
    at.client.write('RETR a.txt\r\nABOR\r\n');
    expect([await at.client.code(), await at.client.code()]).toEqual([425, 226]);
  });

  it('answers 425 when nobody listens any more', async () => {
    await using at = await loggedIn();
    await at.client.send('EPRT |1|127.0.0.1|1|');
    expect(await at.client.send('RETR a.txt')).toContain('425');
    expect(await at.client.send('ABOR')).toContain('225');
  });
});

it('listens on ::1', async () => {
  await using server = await scriptedServer({ host: '::1', files });
  using client = await RawClient.connect(server);
  await client.login();
  expect((await client.download('RETR a.txt')).bytes.toString()).toBe('hello');
});

it('can be closed in the middle of everything', async () => {
  const server = await scriptedServer({ files });
  const client = await RawClient.connect(server);
  await client.login();
  const data = await client.passive();
  const idle = connect(server.port, server.host);
  await once(idle, 'connect');
  await server.close();
  expect(await client.reply()).toBeUndefined();
  data.destroy();
  idle.destroy();
});

import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { readToEnd } from '../../support/raw-client.js';
import { dialogue, type Line, loggedIn, rawClient } from '../support/raw.js';

describe('a download', () => {
  it('gives the file, or the rest of it', async () => {
    await using at = await loggedIn();
    const whole = await at.client.download('RETR a.txt');
    expect(whole.bytes.toString()).toBe('hello');
    expect(whole.replies).toEqual([
      '150 Opening BINARY mode data connection for a.txt (5 bytes).',
      '226 Transfer complete.',
    ]);
    for (const [command, rest] of [
      ['REST 2', 'llo'],
      ['REST 5', ''],
      ['RANG 1 2', 'el'],
    ] as const) {
      await at.client.send(command);
      expect((await at.client.download('RETR a.txt')).bytes.toString()).toBe(rest);
    }
    expect((await at.client.download('RETR a.txt')).bytes.toString()).toBe('hello');
  });

  it('that is refused closes the data connection', async () => {
    await using at = await loggedIn();
    const data = await at.client.passive();
    expect(await at.client.send('RETR nope')).toContain('550 ');
    expect((await readToEnd(data)).length).toBe(0);
    expect(await at.client.send('RETR a.txt')).toContain('425 ');
  });

  it('is refused with the reason', async () => {
    await using at = await loggedIn();
    const lines: Line[] = [
      ['RETR a.txt', '425 '],
      ['RETR nope', '550 '],
      ['RETR dir', '550 '],
      ['RETR', '501 '],
      ['REST x', '501 '],
      ['REST 6', '350 '],
      ['RETR a.txt', '554 '],
    ];
    expect(await dialogue(at.client, lines)).toEqual(lines);
  });

  it('of the type A has CRLF at the end of each line', async () => {
    await using at = await loggedIn({ files: { '/a': 'one\ntwo\r\nthree' } });
    await at.client.send('TYPE A');
    const { bytes, replies } = await at.client.download('RETR a');
    expect(bytes.toString()).toBe('one\r\ntwo\r\nthree');
    expect(replies[0]).toBe('150 Opening ASCII mode data connection for a.');
  });

  it('of the type A is refused from an offset, which would count converted line ends', async () => {
    await using at = await loggedIn();
    const lines: Line[] = [
      ['TYPE A', '200 '],
      ['REST 0', '350 '],
      ['REST 1', '501 A part of a file needs TYPE I.'],
      ...['REST 1', 'RANG 1 2'].flatMap((part): Line[] => [
        ['TYPE I', '200 '],
        [part, '350 '],
        ['TYPE A', '200 '],
        ['RETR a.txt', '554 A part of a file needs TYPE I.'],
      ]),
      ['TYPE I', '200 '],
      ['REST 1', '350 '],
      ['TYPE A', '200 '],
      ['STOR a.txt', '554 A part of a file needs TYPE I.'],
    ];
    expect(await dialogue(at.client, lines)).toEqual(lines);
    expect((await at.client.download('RETR a.txt')).bytes.toString()).toBe('hello');
  });

  it('shows what the test has put there meanwhile', async () => {
    await using at = await loggedIn();
    at.server.files.set('/later/x', Uint8Array.of(1, 2));
    expect((await at.client.download('RETR later/x')).bytes).toEqual(Buffer.of(1, 2));
  });
});

describe('an upload', () => {
  it('shows in the files, with the time of now', async () => {
    await using at = await loggedIn();
    const before = Date.now();
    expect(await at.client.upload('STOR dir/new.txt', 'new')).toEqual([
      '150 Send the data for dir/new.txt.',
      '226 Transfer complete.',
    ]);
    const file = at.server.files.get('/dir/new.txt');
    expect(file?.text).toBe('new');
    expect(file?.modified.getTime()).toBeGreaterThanOrEqual(before);
  });

  it('replaces, restarts, appends, and finds a free name', async () => {
    await using at = await loggedIn();
    await at.client.upload('STOR a.txt', 'HELLO!');
    await at.client.send('REST 4');
    await at.client.upload('STOR a.txt', 'x');
    expect(at.server.files.get('/a.txt')?.text).toBe('HELLx');
    await at.client.upload('APPE a.txt', 'yz');
    expect(at.server.files.get('/a.txt')?.text).toBe('HELLxyz');
    await at.client.upload('APPE fresh', 'f');
    expect((await at.client.upload('STOU a.txt', '1'))[0]).toBe('150 FILE: a.txt.1');
    expect((await at.client.upload('STOU', '2'))[0]).toBe('150 FILE: upload');
    expect((await at.client.upload('STOU dir/b.txt', '3'))[0]).toBe('150 FILE: /dir/b.txt.1');
    const texts = ['/fresh', '/a.txt.1', '/upload', '/dir/b.txt.1'].map((path) => at.server.files.get(path)?.text);
    expect(texts).toEqual(['f', '1', '2', '3']);
  });

  it('is refused with the reason', async () => {
    await using at = await loggedIn();
    const lines: Line[] = [
      ['STOR new', '425 '],
      ['STOR dir', '553 '],
      ['STOR no/such', '553 '],
      ['STOU no/such', '553 '],
      ['APPE dir', '553 '],
      ['REST 6', '350 '],
      ['STOR a.txt', '554 '],
    ];
    expect(await dialogue(at.client, lines)).toEqual(lines);
    expect(at.server.files.has('/new')).toBe(false);
  });

  it('of the type A loses the CR of each line end', async () => {
    await using at = await loggedIn();
    await at.client.send('TYPE A');
    await at.client.upload('STOR new', 'one\r\ntwo\rthree\r');
    expect(at.server.files.get('/new')?.text).toBe('one\ntwo\rthree\r');
  });

  it('of STOU has its name before its data connection, and for itself', async () => {
    await using at = await loggedIn({ files: {} });
    const other = await rawClient(at.server);
    await other.login();
    const port = Number(/\|\|\|(\d+)\|/.exec((await at.client.send('EPSV')) ?? '')?.[1]);
    expect(await at.client.send('STOU')).toBe('150 FILE: upload');
    expect((await other.upload('STOU', '2'))[0]).toBe('150 FILE: upload.1');
    connect({ host: '127.0.0.1', port }).resume().end('1');
    expect(await at.client.code()).toBe(226);
    expect([...at.server.files].map(([path, { text }]) => [path, text])).toEqual([
      ['/upload', '1'],
      ['/upload.1', '2'],
    ]);
    other.socket.destroy();
  });

  it('of STOU without a data connection leaves no file', async () => {
    await using at = await loggedIn({ files: {} });
    expect(await at.client.send('STOU')).toContain('425 ');
    await at.client.send('EPSV');
    expect(await at.client.send('STOU')).toContain('150 ');
    expect(at.server.files.has('/upload')).toBe(true);
    expect(await at.client.send('ABOR')).toContain('426 ');
    expect(await at.client.code()).toBe(226);
    expect(at.server.files.size).toBe(0);
  });

  it.each(['stored', 'made'])('of APPE keeps what another appends meanwhile to a %s file', async (kind) => {
    const made = { size: 1, read: () => Buffer.from('0') };
    await using at = await loggedIn({ files: { '/log': kind === 'made' ? made : '0' } });
    const other = await rawClient(at.server);
    await other.login();
    const data = await at.client.passive();
    await at.client.send('APPE log');
    data.write('2');
    while (at.server.files.get('/log')?.size !== 2) await new Promise((resolve) => setImmediate(resolve));
    await other.upload('APPE log', '3');
    data.resume().end('4');
    expect(await at.client.code()).toBe(226);
    expect(at.server.files.get('/log')?.text).toBe('0234');
    other.socket.destroy();
  });

  it('of APPE keeps what came between the command and the data connection', async () => {
    await using at = await loggedIn({ files: { '/log': '0' } });
    const port = Number(/\|\|\|(\d+)\|/.exec((await at.client.send('EPSV')) ?? '')?.[1]);
    expect(await at.client.send('APPE log')).toContain('150 ');
    const other = await rawClient(at.server);
    await other.login();
    await other.upload('APPE log', '1');
    connect({ host: '127.0.0.1', port }).resume().end('2');
    expect(await at.client.code()).toBe(226);
    expect(at.server.files.get('/log')?.text).toBe('012');
    other.socket.destroy();
  });

  it.each(['MFMT 20200304050607 part', 'SITE CHMOD 600 part'])('goes on in its file after %s', async (change) => {
    await using at = await loggedIn();
    const data = await at.client.passive();
    await at.client.send('STOR part');
    data.write('01234');
    while (at.server.files.get('/part')?.size !== 5) await new Promise((resolve) => setImmediate(resolve));
    const other = await rawClient(at.server);
    await other.login();
    expect(await other.send(change)).toMatch(/^2/);
    expect(at.server.files.get('/part')?.text).toBe('01234');
    data.resume().end('56789');
    expect(await at.client.code()).toBe(226);
    expect((await other.download('RETR part')).bytes.toString()).toBe('0123456789');
    expect(await other.send('SIZE part')).toBe('213 10');
    other.socket.destroy();
  });

  it('that is broken off keeps what has come', async () => {
    await using at = await loggedIn();
    const data = await at.client.passive();
    await at.client.send('STOR part');
    data.write('begun');
    while (at.server.files.get('/part')?.size !== 5) await new Promise((resolve) => setImmediate(resolve));
    data.resetAndDestroy();
    expect(await at.client.reply()).toBe('426 Connection closed; transfer aborted.');
    expect(at.server.files.get('/part')?.text).toBe('begun');
  });
});

const large = { '/large': { size: 1e9, read: (start: number, end: number) => new Uint8Array(end - start) } };

describe('ABOR', () => {
  it('ends a download by 426, and is answered by 226', async () => {
    await using at = await loggedIn({ files: large });
    const data = await at.client.passive();
    data.on('error', () => {});
    expect(await at.client.send('RETR large')).toContain('150 ');
    expect(await at.client.send('ABOR')).toBe('426 Connection closed; transfer aborted.');
    expect(await at.client.reply()).toBe('226 The transfer is aborted.');
    expect(await at.client.send('ABOR')).toBe('225 No transfer is under way.');
    data.destroy();
  });

  it('is known behind the bytes of Telnet', async () => {
    await using at = await loggedIn({ files: large });
    const data = await at.client.passive();
    data.on('error', () => {});
    await at.client.send('RETR large');
    at.client.write(Buffer.from([0xff, 0xf4, 0xff, 0xf2, ...Buffer.from('ABOR\r\n')]));
    expect(await at.client.code()).toBe(426);
    expect(await at.client.code()).toBe(226);
    data.destroy();
  });

  it('ends an upload, which keeps what has come', async () => {
    await using at = await loggedIn();
    const data = await at.client.passive();
    await at.client.send('STOR part');
    expect(await at.client.send('ABOR')).toContain('426 ');
    expect(await at.client.code()).toBe(226);
    expect(at.server.files.get('/part')?.size).toBe(0);
    data.destroy();
  });

  it('in one packet with its transfer ends that too', async () => {
    await using at = await loggedIn({ files: large });
    const data = await at.client.passive();
    data.on('error', () => {});
    at.client.write('RETR large\r\nABOR\r\nNOOP\r\n');
    expect([await at.client.code(), await at.client.code(), await at.client.code(), await at.client.code()]).toEqual([
      150, 426, 226, 200,
    ]);
    data.destroy();
  });

  it('closes a port that waits for a connection', async () => {
    await using at = await loggedIn();
    await at.client.send('EPSV');
    expect(await at.client.send('ABOR')).toContain('225 ');
    expect(await at.client.send('RETR a.txt')).toContain('425 ');
  });
});

describe('a transfer under way', () => {
  it('is told by STAT, and lets other commands wait', async () => {
    await using at = await loggedIn({ files: large });
    const data = await at.client.passive();
    data.pause();
    await at.client.send('RETR large');
    expect(await at.client.send('STAT')).toBe('211 A transfer is under way.');
    at.client.write('NOOP\r\n');
    data.destroy();
    expect(await at.client.code()).toBe(426);
    expect(await at.client.code()).toBe(200);
  });

  it('runs beside those of other sessions', async () => {
    await using at = await loggedIn({ files: { ...large, '/small': 'x' } });
    const held = await at.client.passive();
    await at.client.send('RETR large');
    const other = await rawClient(at.server);
    await other.login();
    expect((await other.download('RETR small')).bytes.toString()).toBe('x');
    other.socket.destroy();
    held.destroy();
  });

  it('is closed with its session', async () => {
    await using at = await loggedIn({ files: large });
    const data = await at.client.passive();
    await at.client.send('RETR large');
    at.client.socket.destroy();
    await expect(readToEnd(data).then((bytes) => bytes.length < 1e9)).resolves.toBe(true);
  });
});

import { readFile } from 'node:fs/promises';
import { connect } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { CertificateAuthority } from './certificates.js';
import { EmbeddedServer } from './embedded-server.js';
import { excuseLeftovers } from './leaks.js';
import { RawClient, readToEnd } from './raw-client.js';

excuseLeftovers('timer', 'ftp-srv keeps a timer of 30 s for every passive port that nobody connected to');

const files = { 'a.txt': 'hello', 'dir/b.txt': 'b', 'empty.txt': '', 'void/': '' };

describe('the embedded server', () => {
  it('serves a temporary directory', async () => {
    await using server = await EmbeddedServer.start({ files });
    using client = await RawClient.connect(server);
    await client.login();
    expect((await client.download('RETR a.txt')).bytes.toString()).toBe('hello');
    expect((await client.upload('STOR new.txt', 'new')).at(-1)).toContain('226');
    expect(await readFile(server.path('/new.txt'), 'utf8')).toBe('new');
    expect(await client.send('MKD made')).toBe('257 "/made"');
    await client.send('QUIT');
  });

  it('speaks MLSD, MLST, MFMT and the size of an empty file', async () => {
    await using server = await EmbeddedServer.start({ files });
    using client = await RawClient.connect(server);
    await client.login();
    expect(await client.send('MFMT 20240203040506 dir/b.txt')).toBe('213 Modify=20240203040506; dir/b.txt');
    expect((await client.download('MLSD dir')).bytes.toString()).toBe(
      'type=file;size=1;modify=20240203040506; b.txt\r\n',
    );
    expect(await client.send('MLST dir/b.txt')).toContain(' type=file;size=1;modify=20240203040506; /dir/b.txt\r\n');
    expect((await client.download('MLSD void')).bytes.length).toBe(0);
    expect(await client.send('MLST nowhere')).toContain('550');
    expect(await client.send('SIZE empty.txt')).toBe('213 0');
    expect(await client.send('FEAT')).toContain(' MLST type*;size*;modify*;\r\n');
  });

  it('refuses who is not known', async () => {
    await using server = await EmbeddedServer.start({ users: { me: 'right' } });
    for (const [password, code] of [
      ['wrong', '530'],
      ['right', '230'],
    ]) {
      using client = await RawClient.connect(server);
      await client.reply();
      await client.send('USER me');
      expect(await client.send(`PASS ${password}`)).toContain(code);
    }
  });

  it('takes a ClientHello that comes at once, every time', async () => {
    const authority = await CertificateAuthority.create();
    await using server = await EmbeddedServer.start({ files, tls: await authority.issue() });
    for (let round = 0; round < 20; round += 1) {
      using client = await RawClient.connect(server);
      await client.reply();
      expect(await client.send('AUTH TLS')).toContain('234');
      const control = await client.secure({ ca: authority.cert, host: server.host });
      expect(await client.send('USER me')).toContain('331');
      control.destroy();
    }
  });

  it('protects data', async () => {
    const authority = await CertificateAuthority.create();
    await using server = await EmbeddedServer.start({ files, tls: { ...(await authority.issue()), implicit: true } });
    using client = await RawClient.connect(server);
    await client.secure({ ca: authority.cert, host: server.host });
    await client.login();
    await client.send('PBSZ 0');
    await client.send('PROT P');
    const socket = await client.passive();
    const opening = client.send('RETR a.txt');
    const data = connect({ socket, ca: authority.cert, host: server.host });
    expect((await readToEnd(data)).toString()).toBe('hello');
    expect([await opening, await client.reply()].join()).toMatch(/^150.*226/);
    data.destroy();
  });

  it('survives resets and failed uploads without a word', async () => {
    await using server = await EmbeddedServer.start({ files });
    using client = await RawClient.connect(server);
    await client.login();
    for (let round = 0; round < 5; round += 1) {
      (await client.passive()).resetAndDestroy();
      expect(await client.send('NOOP')).toContain('200');
    }
    const replies = await client.upload('STOR nowhere/at.all', 'x');
    expect(replies.at(-1)).toContain('550');
  });

  it('leaves no signal handlers', async () => {
    const before = process.listenerCount('SIGINT');
    await using _server = await EmbeddedServer.start();
    expect(process.listenerCount('SIGINT')).toBe(before);
  });
});

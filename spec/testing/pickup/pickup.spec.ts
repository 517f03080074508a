import { firstValueFrom } from 'rxjs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FtpClient } from '../../../lib/index.js';
import { type TestServer, testServer } from '../../../lib/testing/index.js';
import { pickup } from './pickup.js';

let server: TestServer;
let ftp: FtpClient;
let saved: Map<string, string>;
const save = (name: string, bytes: Uint8Array): void => void saved.set(name, Buffer.from(bytes).toString());

beforeEach(async () => {
  server = await testServer({ files: { '/in/a.csv': '1;2', '/in/b.csv': '3;4', '/in/notes.txt': '', '/done/': '' } });
  ftp = new FtpClient(server.options);
  saved = new Map();
});
afterEach(async () => {
  await firstValueFrom(ftp.close$());
  await server[Symbol.asyncDispose]();
});

it('saves each new file, and moves it', async () => {
  expect(await pickup(ftp, save)).toEqual(['a.csv', 'b.csv']);
  expect([...saved]).toEqual([
    ['a.csv', '1;2'],
    ['b.csv', '3;4'],
  ]);
  expect(server.files.get('/done/a.csv')?.text).toBe('1;2');
  expect(server.files.has('/in/a.csv')).toBe(false);
});

it('tries again where the connection breaks, and never saves half a file', async () => {
  server.fail('RETR', { cut: 'data', afterBytes: 1 });
  await pickup(ftp, save);
  expect(saved.get('a.csv')).toBe('1;2');
  expect(server.commands.filter((command) => command === 'RETR /in/a.csv')).toHaveLength(2);
});

it('leaves a file where it is when the server refuses it', async () => {
  server.fail('RETR', { refuse: 550, text: 'Permission denied.' });
  await expect(pickup(ftp, save)).rejects.toMatchObject({ code: 'ERR_FTP_REPLY', transient: false });
  expect(server.files.has('/in/a.csv')).toBe(true);
  expect(saved.size).toBe(0);
});

it('understands a server of its own ways', async () => {
  server.on('RNTO', () => '350 It is queued.');
  await expect(pickup(ftp, save)).rejects.toMatchObject({ reply: { code: 350 } });
});

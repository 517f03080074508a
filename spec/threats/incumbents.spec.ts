/** Shows the present faults of other clients, on plain FTP. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pace } from 'node:timers/promises';
import { expect } from 'vitest';
import { FtpProtocolError, FtpTimeoutError, FtpTransferError } from '../../lib/index.js';
import { pollPhase } from '../support/scripted/poll-phase.js';
import { type Handler, type Session, scriptedServer } from '../support/scripted-server.js';
import { describeFaults } from './support/faults.js';

const thousand = Buffer.alloc(1000, 'x');
const files = { '/a': thousand };

/** RETR that sends these bytes and calls that a success. */
function sends(bytes: Uint8Array | string): Handler {
  return async (session) => {
    await session.reply('150 Opening data connection.');
    await session.sendData(bytes);
    await session.reply('226 Transfer complete.');
  };
}

/** A server with one verb scripted. */
function serving(verb: string, handler: Handler) {
  return async () => (await scriptedServer({ files })).on(verb, handler);
}

/** One byte of a reply at a time, far slower than the client's patience altogether. */
async function dribble(session: Session): Promise<void> {
  await session.replyRaw('257-This takes a while:', 'whole');
  for (const byte of Buffer.from('slow'.repeat(12))) {
    if (session.closed) return;
    await session.replyRaw(Uint8Array.of(byte), 'whole');
    await pace(20);
  }
  await session.replyRaw('\r\n257 "/"\r\n', 'whole');
}

/** Sends and sends until the client has had enough, or this much. */
function flood(bytes: Buffer, atMostBytes: number, last: string): Handler {
  return async (session) => {
    for (let sent = 0; sent < atMostBytes && !session.closed; sent += bytes.length) {
      await session.replyRaw(bytes, 'whole');
      await pollPhase();
    }
    await session.reply(last);
  };
}

/** A folder for a download, given to the check and removed. */
async function inFolder(check: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'rxftp-threats-'));
  try {
    await check(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

describeFaults('replies', [
  {
    name: 'a reply in packets of one byte is read',
    serve: () => scriptedServer({ files, chunking: 'bytes' }),
    holds: async (client) => expect(await client.pwd()).toBe('/'),
    basicFtp: 'fails',
    timeoutMs: 300,
  },
  {
    name: 'a reply that dribbles in is given up when its time is over',
    serve: serving('PWD', dribble),
    holds: (client) => expect(client.pwd()).rejects.toThrow(),
    error: FtpTimeoutError,
    basicFtp: 'fails',
    timeoutMs: 200,
  },
  {
    name: 'a reply of lines without end is given up at a bound (GHSA-rpmf-866q-6p89)',
    serve: serving('PWD', flood(Buffer.from(`257-${'x'.repeat(996)}\r\n`.repeat(64)), 64 * 1024 * 1024, '257 "/"')),
    holds: (client) => expect(client.pwd()).rejects.toThrow(),
    error: FtpProtocolError,
    basicFtp: 'holds',
  },
  {
    name: 'a reply line without end is given up at a bound (GHSA-rpmf-866q-6p89)',
    serve: serving('PWD', flood(Buffer.alloc(64 * 1024, 'x'), 4 * 1024 * 1024, '\r\n257 "/"')),
    holds: (client) => expect(client.pwd()).rejects.toThrow(),
    error: FtpProtocolError,
    basicFtp: 'fails',
  },
  {
    name: 'a stray reply does not answer the command that was just sent',
    serve: async () => {
      const server = await scriptedServer({ files: { '/dir/a': '' } });
      return server.once('PWD', async (session, _argument, command) => {
        await session.reply('250 "/stray" is a stray.');
        await command.byDefault();
      });
    },
    holds: async (client) => {
      await client.cwd('/dir');
      const answers = await Promise.allSettled([client.pwd()]);
      expect(answers).not.toContainEqual({ status: 'fulfilled', value: '/stray' });
    },
    error: FtpProtocolError,
    basicFtp: 'fails',
  },
  {
    name: 'a stray reply does not answer a command that is sent later',
    serve: async () => {
      const server = await scriptedServer({ files: { '/dir/a': '' } });
      return server.once('CWD', async (session, _argument, command) => {
        await command.byDefault();
        await pollPhase();
        await session.reply('257 "/stray" is a stray.');
      });
    },
    holds: async (client, server) => {
      await client.cwd('/dir');
      await server.event('reply', { where: ({ text }) => text.includes('stray') });
      for (let turn = 0; turn < 3; turn += 1) await pollPhase();
      expect(await client.pwd()).toBe('/dir');
    },
    basicFtp: 'holds',
  },
  {
    name: 'a NUL or an ESC in the path of a 257 is refused (CVE-2017-1000254)',
    serve: serving('PWD', (session) => session.reply('257 "/a\u0000b\u001b[2Jc"')),
    holds: (client) => expect(client.pwd()).rejects.toThrow(),
    error: FtpProtocolError,
    basicFtp: 'fails',
  },
  {
    name: 'a size that no number holds is refused (T-23)',
    serve: serving('SIZE', (session) => session.reply('213 99999999999999999999')),
    holds: (client) => expect(client.size('/a')).rejects.toThrow(),
    error: FtpProtocolError,
    basicFtp: 'fails',
  },
]);

describeFaults('transfers', [
  {
    name: '400 of 1000 bytes, an orderly end and 226 are an error where SIZE says 1000',
    serve: serving('RETR', sends(thousand.subarray(0, 400))),
    holds: (client) => expect(client.download('/a')).rejects.toThrow(),
    error: FtpTransferError,
    basicFtp: 'fails',
  },
  {
    name: 'an offset that REST takes and RETR ignores is an error, not a file of 1400 bytes',
    serve: serving('RETR', sends(thousand)),
    holds: (client) => expect(client.resume('/a', thousand.subarray(0, 400))).rejects.toThrow(),
    error: FtpTransferError,
    basicFtp: 'fails',
  },
  {
    name: 'a reset in the middle leaves nothing under the final name',
    serve: serving('RETR', async (session) => {
      await session.reply('150 Opening data connection.');
      await session.sendData(thousand.subarray(0, 400), { end: 'open' });
      // What a reset finds unread is gone: the client has to have taken it before.
      for (let turn = 0; turn < 5; turn += 1) await pollPhase();
      session.link?.reset();
      await session.reply('426 Connection reset.');
    }),
    holds: (client) =>
      inFolder(async (folder) => {
        await expect(client.downloadToFile('/a', join(folder, 'a'))).rejects.toThrow();
        expect(await readdir(folder)).toEqual([]);
      }),
    error: FtpTransferError,
    basicFtp: 'fails',
  },
  {
    name: 'an upload of 1000 bytes with 226 is an error where SIZE says 10',
    serve: serving('SIZE', (session) => session.reply('213 10')),
    holds: (client) => expect(client.upload('/new', thousand)).rejects.toThrow(),
    error: FtpTransferError,
    basicFtp: 'fails',
  },
  {
    name: 'a listing that is cut in a line and called complete is an error',
    serve: async () => {
      const server = await scriptedServer();
      server.features = [];
      const line = '-rw-r--r--   1 ftp      ftp             5 Feb  3  2024 ';
      return server.on('LIST', sends(`${line}a.txt\r\n${line}importa`));
    },
    holds: (client) => expect(client.names()).rejects.toThrow(),
    error: FtpTransferError,
    basicFtp: 'fails',
  },
  {
    name: 'a machine-readable listing that is cut in a line is an error',
    serve: serving('MLSD', sends('type=file;size=5; a.txt\r\ntype=file;size=5; importa')),
    holds: (client) => expect(client.names()).rejects.toThrow(),
    error: FtpTransferError,
    basicFtp: 'fails',
  },
]);

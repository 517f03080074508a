import { lastValueFrom, switchMap } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { ReadBuffer } from '../../lib/control/read-buffer.js';
import { type Connector, connectSocket } from '../../lib/net/connector.js';
import { observe } from '../support/observe.js';
import { surprisesOf } from '../support/surprises.js';
import { connected } from './support/connected.js';

describe('the read buffer', () => {
  it('hands on what is read, while somebody listens', () => {
    const readBuffer = new ReadBuffer();
    const seen: string[] = [];
    const read = (text: string): void => {
      const { buffer, callback } = readBuffer.onread;
      const memory = buffer as Uint8Array;
      memory.set(Buffer.from(text));
      expect(callback(text.length, memory)).toBe(true);
    };
    read('nobody listens yet');
    readBuffer.listen((chunk) => seen.push(Buffer.from(chunk).toString()));
    read('220 hello');
    read('2');
    readBuffer.close();
    read('nobody listens any more');
    expect(seen).toEqual(['220 hello', '2']);
  });
});

describe('over the default connector', () => {
  it('replies are the same, however much larger than what is read at once', async () => {
    const lines = Array.from({ length: 300 }, (_, index) => `line ${index} ${'é'.repeat(200)}`);
    await using at = await connected({}, {}, (server) =>
      server.answer('HELP', [...lines.map((line) => `214-${line}`), '214 end'].join('\r\n')),
    );
    for (const _round of [1, 2]) {
      expect((await lastValueFrom(at.ftp.help$())).lines).toEqual([...lines, 'end']);
      expect((await lastValueFrom(at.ftp.noop$())).code).toBe(200);
    }
  });
});

describe('a reply that nobody asked for', () => {
  it.each([4096, 8192])('is no answer to the next command, where it comes right behind %i bytes', async (size) => {
    const end = '\r\n214 end\r\n';
    const help = `214-${'x'.repeat(size - 4 - end.length)}${end}`;
    await using at = await connected({ chunking: 'whole' }, {}, (server) =>
      server.on('HELP', (session) => session.replyRaw(`${help}257 "/stray"\r\n`)),
    );
    const events = observe(surprisesOf(at.ftp.events$));
    const directory = observe(at.ftp.help$().pipe(switchMap(() => at.ftp.pwd$())), { name: 'pwd$' });
    expect(await directory.settled).toEqual(['/']);
    expect(events.values).toMatchObject([{ type: 'skipped', reply: { code: 257, text: '"/stray"' } }]);
    events.unsubscribe();
  });
});

describe('another connector', () => {
  it('keeps its socket to itself until it is done, as one that talks to a proxy must', async () => {
    const proxied: Connector = async (endpoint, signal) => {
      expect(endpoint.onread).toBeUndefined();
      const socket = await connectSocket(endpoint, signal);
      // The greeting, which it puts back.
      socket.once('data', (chunk) => socket.pause().unshift(chunk));
      await new Promise((resolve) => socket.once('pause', resolve));
      return socket;
    };
    await using at = await connected({}, { connector: proxied });
    expect((await lastValueFrom(at.ftp.noop$())).code).toBe(200);
  });
});

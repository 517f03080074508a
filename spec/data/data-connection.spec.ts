import { once } from 'node:events';
import { type AddressInfo, connect, createServer, Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { describe, expect, it, vi } from 'vitest';
import { DataConnection, type DataReceiver } from '../../lib/data/data-connection.js';
import type { DataEvent } from '../../lib/data/machine/script.js';
import { FtpSecurityError } from '../../lib/errors.js';
import type { TlsLink } from '../../lib/net/tls-link.js';

/** Attached to a real socket; `peer` is its other end. */
async function attached(
  receiver?: DataReceiver,
  tell: (event: DataEvent) => void = () => undefined,
): Promise<{ data: DataConnection; socket: Socket; peer: Socket; close: () => void }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accepted = once(server, 'connection');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
  const [peer] = (await accepted) as [Socket];
  const data = new DataConnection(receiver, tell, undefined, () => performance.now());
  data.attach(socket);
  return { data, socket, peer, close: () => void server.close() };
}

describe('a receiver that has more to do at the end', () => {
  it.each([
    ['the end', undefined, { type: 'ended' }],
    ['a fault', new Error('cut'), { type: 'data-error', error: new Error('cut'), isAttack: false }],
  ])('says when it is done: %s', async (_what, fault, event) => {
    let done: (fault?: Error) => void = () => undefined;
    const told: DataEvent[] = [];
    const asked = new Promise<void>((resolve) => {
      const end = (ended: typeof done): void => {
        done = ended;
        resolve();
      };
      const receiver: DataReceiver = { buffer: () => Buffer.alloc(16), write: () => undefined, end };
      void attached(receiver, (heard) => told.push(heard)).then(({ peer, close }) => {
        peer.end();
        close();
      });
    });
    await asked;
    expect(told).toEqual([{ type: 'connected' }]);
    done(fault);
    expect(told[1]).toEqual(event);
  });
});

describe('a data connection that sends', () => {
  it('puts what is written in one turn into one write, and tells when each chunk has left', async () => {
    const { data, socket, peer, close } = await attached();
    const writev = vi.spyOn(socket, '_writev' as 'write');
    const left: string[] = [];
    const all = new Promise<void>((resolve) => {
      for (const text of ['one ', 'two ']) data.write(Buffer.from(text), () => left.push(text));
      data.write(Buffer.from('three'), resolve);
    });
    expect([data.unsentBytes, data.unsentWrites]).toEqual([13, 3]);
    await all;
    expect(left).toEqual(['one ', 'two ']);
    expect([data.unsentBytes, data.unsentWrites]).toEqual([0, 0]);
    expect(writev).toHaveBeenCalledTimes(1);
    data.finish(0, () => undefined);
    const received = await peer.toArray();
    expect(Buffer.concat(received).toString()).toBe('one two three');
    data.close();
    close();
  });

  it('does not say that a chunk has left when it could not', async () => {
    const { data, socket, close } = await attached();
    const written = vi.fn();
    data.write(Buffer.from('lost'), written);
    data.close();
    await once(socket, 'close');
    expect(written).not.toHaveBeenCalled();
    close();
  });

  it('is kept alive while it has nothing to send', async () => {
    const setKeepAlive = vi.spyOn(Socket.prototype, 'setKeepAlive');
    const { data, socket, close } = await attached();
    expect(setKeepAlive.mock.contexts).toEqual([socket]);
    expect(setKeepAlive).toHaveBeenCalledWith(true, expect.any(Number));
    data.close();
    close();
  });
});

describe('a data connection that receives', () => {
  const receiving = async () => {
    const heard: string[] = [];
    const receiver = { buffer: () => Buffer.alloc(16), write: (bytes: Uint8Array) => heard.push(String(bytes)) };
    return { heard, ...(await attached(receiver)) };
  };

  it('is closed at the end of its data, by no shutdown before', async () => {
    const { data, socket, peer, heard, close } = await receiving();
    const shutdown = vi.spyOn(socket, '_final');
    const closed = once(socket, 'close');
    const ended = once(peer, 'end');
    peer.resume().end('all of it');
    await closed;
    await ended;
    expect([data.ended, data.error, heard]).toEqual([true, undefined, ['all of it']]);
    expect(shutdown).not.toHaveBeenCalled();
    data.reset();
    data.close();
    expect(data.error).toBeUndefined();
    close();
  });

  it('has ended, and is not broken, when it is closed while the end is held back', async () => {
    const { data, socket, heard, close } = await receiving();
    data.hold();
    socket.emit('data', Buffer.from('all of it'));
    socket.emit('end');
    await once(socket, 'close');
    socket.emit('error', new Error('reset'));
    expect([data.ended, data.error, heard]).toEqual([false, undefined, []]);
    data.release();
    expect([data.ended, data.error, heard]).toEqual([true, undefined, ['all of it']]);
    data.close();
    close();
  });

  it('is broken when it is closed before its end', async () => {
    const { data, socket, close } = await receiving();
    socket.destroy();
    await once(socket, 'close');
    expect([data.ended, data.error]).toMatchObject([false, { message: expect.stringContaining('before its end') }]);
    data.close();
    close();
  });
});

describe('a data connection that is reset', () => {
  it('is broken off for the peer', async () => {
    const { data, peer, close } = await attached();
    const broken = once(peer, 'error');
    data.reset();
    expect(await broken).toMatchObject([{ code: 'ECONNRESET' }]);
    close();
  });

  // Node would keep the socket open, and the process alive: the set-up file looks for it.
  it('is closed when its end of file is on the way', async () => {
    const { data, socket, peer, close } = await attached();
    const written = new Promise<void>((resolve) => data.write(Uint8Array.of(1), resolve));
    await written;
    data.finish(0, () => undefined);
    data.reset();
    await once(socket, 'close');
    const ended = once(peer, 'end');
    peer.resume();
    await ended;
    close();
  });
});

describe('a TLS socket that has made its own connection', () => {
  /** As much of a link as a data connection asks of it. */
  const link = (fault?: FtpSecurityError): TlsLink =>
    ({
      identity: { host: 'localhost', options: {} },
      follow: () => ({ faultOfPeer: () => fault, beforeEnd: (end: () => void) => end() }),
    }) as unknown as TlsLink;

  function receiving(fault?: FtpSecurityError) {
    const heard: string[] = [];
    const receiver = { buffer: () => Buffer.alloc(16), write: (bytes: Uint8Array) => heard.push(String(bytes)) };
    const data = new DataConnection(
      receiver,
      () => undefined,
      link(fault),
      () => performance.now(),
    );
    const socket = new TLSSocket(new PassThrough());
    return { data, socket, heard };
  }

  it('that broke before it could be attached is a broken connection', async () => {
    const { data, socket } = receiving();
    const reason = new Error('broken at once');
    socket.on('error', () => undefined).destroy(reason);
    await new Promise((resolve) => socket.once('close', resolve));
    data.attachSecuring(socket);
    expect(data.error).toBe(reason);
    data.close();
  });

  it('hands on nothing of a server that is another', () => {
    const fault = new FtpSecurityError('another server');
    const { data, socket, heard } = receiving(fault);
    data.attachSecuring(socket);
    socket.emit('secureConnect');
    socket.emit('data', Buffer.from('its bytes'));
    expect([data.error, data.open, heard]).toEqual([fault, false, []]);
    data.close();
  });

  it('is not closed at the end of its data, which close_notify has to answer', () => {
    const { data, socket } = receiving();
    data.attachSecuring(socket);
    socket.emit('secureConnect');
    socket.emit('end');
    expect([data.ended, socket.destroyed]).toEqual([true, false]);
    data.close();
  });

  it('takes what comes behind its end for no fault, while that is held', () => {
    const { data, socket, heard } = receiving();
    data.hold();
    data.attachSecuring(socket);
    socket.emit('secureConnect');
    socket.emit('data', Buffer.from('all of it'));
    socket.emit('end');
    socket.emit('error', new Error('reset'));
    expect([data.error, data.ended, heard]).toEqual([undefined, false, []]);
    data.release();
    expect([data.error, data.ended, heard]).toEqual([undefined, true, ['all of it']]);
    data.close();
  });
});

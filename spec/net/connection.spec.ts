import { Duplex, PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { FtpUsageError } from '../../lib/errors.js';
import { asConnection, type Connection, destroyUnheard, peerOf } from '../../lib/net/connection.js';

const given = (value: unknown): Connection => asConnection(value as Duplex);
/** A duplex that tells where it is connected to, as a socket does. */
const connectedTo = (remoteAddress: string | undefined): Duplex => Object.assign(new PassThrough(), { remoteAddress });

describe('asConnection', () => {
  it('takes a duplex, or its parts', () => {
    const stream = new PassThrough();
    expect(given(stream)).toEqual({ stream });
    expect(given({ stream, peer: 'ftp.example', direct: true })).toEqual({ stream, peer: 'ftp.example', direct: true });
    expect(given({ stream })).toEqual({ stream, peer: undefined, direct: undefined });
  });

  it.each([
    [undefined],
    [null],
    ['socket'],
    [{}],
    [{ stream: {} }],
    [{ stream: null }],
    [{ write: () => true }],
  ])('refuses %j, which has no duplex', (value) => {
    expect(() => given(value)).toThrow(FtpUsageError);
    expect(() => given(value)).toThrow('must resolve with a duplex stream');
  });

  it.each<[string, object, RegExp]>([
    ['a part that there is none of', { host: 'x' }, /no part host\. Its parts are: stream, peer, direct/],
    ['an empty peer', { peer: '' }, /peer .* must be a host name/],
    ['a peer that is no text', { peer: 5 }, /peer .* must be a host name/],
    ...['\r', '\n', '\0'].map((end): [string, object, RegExp] => [
      `a peer with ${JSON.stringify(end)}`,
      { peer: `a${end}QUIT` },
      /peer .* must be a host name/,
    ]),
    ['direct that is neither true nor false', { direct: 'yes' }, /direct .* must be true or false/],
  ])('refuses %s, and destroys the stream', (_what, part, message) => {
    const stream = new PassThrough();
    expect(() => given({ stream, ...part })).toThrow(message);
    expect(stream.destroyed).toBe(true);
  });
});

describe('peerOf', () => {
  it.each<[string, Omit<Connection, 'stream'>, string | undefined]>([
    ['the named peer', { peer: 'ftp.example', direct: true }, 'ftp.example'],
    ['a named IPv4-mapped address as the IPv4 one', { peer: '::ffff:192.0.2.9' }, '192.0.2.9'],
    ['the remote address of a direct socket', { direct: true }, '192.0.2.1'],
    ["unknown where the address may be a proxy's", { direct: false }, undefined],
    ['unknown where nothing is said', {}, undefined],
  ])('is %s', (_what, parts, peer) => {
    expect(peerOf({ stream: connectedTo('::ffff:192.0.2.1'), ...parts })).toBe(peer);
  });

  it('is unknown for a direct socket that has lost its connection', () => {
    expect(peerOf({ stream: connectedTo(undefined), direct: true })).toBeUndefined();
  });
});

describe('destroyUnheard', () => {
  it('destroys the stream, whose late error ends nothing', () => {
    const stream = new Duplex();
    destroyUnheard(stream);
    expect(stream.destroyed).toBe(true);
    expect(stream.emit('error', new Error('too late'))).toBe(true);
  });
});

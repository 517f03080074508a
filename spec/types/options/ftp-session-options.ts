/** Checks the types of `FtpSessionOptions`: correct uses, and misuses that the compiler refuses. */
import type { FtpSessionOptions } from '../../../lib/index.js';
import { connectSocket } from '../../../lib/index.js';

export const good: readonly FtpSessionOptions[] = [
  { host: 'h' },
  { host: 'h', user: 'me', password: async () => 'secret', account: 'a' },
  { host: 'h', secure: 'explicit', tls: { ca: 'pem' }, dataProtection: 'clear' },
  { host: 'h', mode: 'active', activePorts: [4_000, 4_010], activePeer: 'any' },
  { host: 'h', encoding: 'windows-1251', timeZone: 'auto', compression: 'deflate' },
  { host: 'h', encoding: { encode: (text) => Buffer.from(text), decode: String } },
  { host: 'h', features: ['MLST type*;'], loginCommands: ['-SITE IDLE 900'] },
  { host: 'h', connector: connectSocket, signal: undefined, family: 6 },
];

export const bad: readonly unknown[] = [
  // @ts-expect-error a host is needed
  { user: 'me' } satisfies FtpSessionOptions,
  // @ts-expect-error a misspelt option is noticed
  { host: 'h', usr: 'me' } satisfies FtpSessionOptions,
  // @ts-expect-error true does not say which TLS
  { host: 'h', secure: true } satisfies FtpSessionOptions,
  // @ts-expect-error a port is a number
  { host: 'h', port: '21' } satisfies FtpSessionOptions,
  // @ts-expect-error there is no such mode
  { host: 'h', mode: 'port' } satisfies FtpSessionOptions,
  // @ts-expect-error ports are a first and a last one
  { host: 'h', activePorts: [4_000] } satisfies FtpSessionOptions,
  // @ts-expect-error one time limit became several
  { host: 'h', timeout: 5 } satisfies FtpSessionOptions,
  // @ts-expect-error a session is one
  { host: 'h', maxSessions: 2 } satisfies FtpSessionOptions,
  // @ts-expect-error a session repeats nothing
  { host: 'h', retry: true } satisfies FtpSessionOptions,
];

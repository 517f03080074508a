/**
 * Loads modules of Node that many users never need, and that take longer to load than all others together. The first use loads a module.
 * That happens in the same turn, since options are checked at the call that gives them. So no handshake waits for an `import()` in the
 * middle of a login or a transfer.
 */
import type * as Crypto from 'node:crypto';
import type * as Dns from 'node:dns/promises';
import type * as Http from 'node:http';
import { createRequire } from 'node:module';
import type * as Tls from 'node:tls';
import type * as Zlib from 'node:zlib';

// From any path, since Node's own modules are found from every path. But `process.execPath` is no path in a chroot without /proc. A program
// that is bundled into CommonJS has no `import.meta.url`.
const load = /* @__PURE__ */ createRequire('/');

export const nodeTls = (): typeof Tls => load('node:tls');

export const nodeCrypto = (): typeof Crypto => load('node:crypto');

export const nodeDns = (): typeof Dns => load('node:dns/promises');

export const nodeHttp = (): typeof Http => load('node:http');

export const nodeZlib = (): typeof Zlib => load('node:zlib');

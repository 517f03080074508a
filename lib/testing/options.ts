/** Checks the options of a test server before it listens. */
import { isPromise } from 'node:util/types';
import { FtpUsageError } from '../errors.js';
import { requireKnownOptions, requireKnownParts } from '../protocol/option-names.js';
import type { TestContent } from './test-file.js';

/** TLS of a test server, with a certificate of the test's own. */
export interface TestTlsOptions {
  /** `explicit`: clear text until AUTH TLS. `implicit`: TLS from the first byte. */
  readonly mode: 'explicit' | 'implicit';
  /** The private key, PEM. */
  readonly key: string | Uint8Array;
  /** The certificate, PEM; those of its authorities may follow it. */
  readonly cert: string | Uint8Array;
  /** Default: Node's own. */
  readonly minVersion?: 'TLSv1.2' | 'TLSv1.3' | undefined;
  /** Default: Node's own. */
  readonly maxVersion?: 'TLSv1.2' | 'TLSv1.3' | undefined;
}

/** Options of `testServer`. */
export interface TestServerOptions {
  /**
   * The tree at the beginning: an object or a Map from paths to a string, bytes, `{ bytes, modified, mode }` or
   * `{ size, read }`. A path that ends in `/` is a directory. Default: an empty root.
   */
  readonly files?: Readonly<Record<string, TestContent>> | ReadonlyMap<string, TestContent> | undefined;
  /** The only user that may log in. Default: every user may. */
  readonly user?: string | undefined;
  /** The password of `user`. Default: any will do. */
  readonly password?: string | undefined;
  /** TLS for control and data connections. Default: none. */
  readonly secure?: TestTlsOptions | undefined;
  /**
   * `mlsd` (default): MLSD and MLST, and LIST as `ls -l` writes it. `unix`: LIST alone, as `ls -l`. `dos`: LIST alone, as
   * `dir` of Windows.
   */
  readonly listing?: 'mlsd' | 'unix' | 'dos' | undefined;
  /** The text of the greeting, without its code. Default: `Ready (rxftp test server)`. */
  readonly greeting?: string | undefined;
  /** The port. Default 0: any that is free. */
  readonly port?: number | undefined;
}

const NAMES: Readonly<Record<keyof TestServerOptions, true>> = {
  files: true,
  user: true,
  password: true,
  secure: true,
  listing: true,
  greeting: true,
  port: true,
};

const TLS_NAMES: Readonly<Record<keyof TestTlsOptions, true>> = {
  mode: true,
  key: true,
  cert: true,
  minVersion: true,
  maxVersion: true,
};

const ALIASES = {
  user: ['username', 'login'],
  password: ['pass', 'passwd', 'pwd'],
  secure: ['tls', 'ssl'],
  files: ['tree', 'root', 'fs'],
  greeting: ['banner', 'welcome'],
} as const;

/** Throws an FtpUsageError for an unknown option, and for a value that an option cannot have. */
export function requireServerOptions(options: TestServerOptions): void {
  refuseHost(options);
  requireKnownOptions(options, NAMES, ALIASES);
  const { files, user, password, secure, listing, greeting, port = 0 } = options;
  requireText('user', user);
  if (user === '') throw new FtpUsageError('The option user is empty: leave it out, and every user may log in');
  requireText('password', password);
  requireText('greeting', greeting);
  if (password !== undefined && user === undefined)
    throw new FtpUsageError('The option password needs the option user');
  if (files !== undefined && !isTree(files)) {
    throw new FtpUsageError(
      "The option files must be an object or a Map from paths to files, like { '/in/a.csv': 'a;b' }",
    );
  }
  if (secure !== undefined) requireTls(secure);
  requireOneOf('listing', listing, ['mlsd', 'unix', 'dos']);
  if (!(Number.isInteger(port) && port >= 0 && port <= 65_535)) {
    throw new FtpUsageError('The option port must be a whole number from 0 (any that is free) to 65535');
  }
}

/** An object or a Map. A list of paths, or a Promise that was not awaited, would be an empty or a wrong tree. */
function isTree(files: unknown): boolean {
  if (typeof files !== 'object' || files === null) return false;
  if (Symbol.iterator in files) return 'get' in files;
  return !isPromise(files);
}

/** The names of other servers for their address: no test server is to be reached from elsewhere. */
const HOST_NAMES = ['host', 'hostname', 'address', 'ip', 'bind'];

function refuseHost(options: unknown): void {
  const name = HOST_NAMES.find((each) => typeof options === 'object' && options !== null && each in options);
  if (name === undefined) return;
  throw new FtpUsageError(`There is no option ${name}: a test server listens on 127.0.0.1 only. Leave it out`);
}

function requireTls(secure: TestTlsOptions): void {
  requireKnownParts('secure', secure, TLS_NAMES);
  if (typeof secure !== 'object' || secure === null) {
    throw new FtpUsageError('The option secure must be an object like { mode, key, cert }');
  }
  requireOneOf('secure.mode', secure.mode ?? null, ['explicit', 'implicit']);
  for (const name of ['minVersion', 'maxVersion'] as const)
    requireOneOf(`secure.${name}`, secure[name], ['TLSv1.2', 'TLSv1.3']);
  for (const name of ['key', 'cert'] as const) {
    const value: unknown = secure[name];
    if (typeof value === 'string' || value instanceof Uint8Array) continue;
    throw new FtpUsageError(`The option secure.${name} must be PEM text: the test brings its own key and certificate`);
  }
}

function requireOneOf(name: string, value: unknown, values: readonly string[]): void {
  if (value === undefined || (typeof value === 'string' && values.includes(value))) return;
  throw new FtpUsageError(`The option ${name} must be one of ${values.map((each) => `'${each}'`).join(', ')}`);
}

function requireText(name: string, value: unknown): void {
  if (value === undefined || (typeof value === 'string' && !/[\r\n\0]/.test(value))) return;
  throw new FtpUsageError(`The option ${name} must be a string without CR, LF and NUL`);
}

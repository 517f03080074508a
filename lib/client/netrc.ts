/** Credentials from a `.netrc` file, as ftp(1), curl and ftplib's command line read it. */
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

export interface NetrcCredentials {
  readonly user?: string;
  readonly password?: string;
  readonly account?: string;
}

const FIELDS: Readonly<Record<string, keyof NetrcCredentials>> = Object.freeze({
  login: 'user',
  user: 'user',
  password: 'password',
  account: 'account',
});

/**
 * What the `.netrc` file says about `host`: its `machine` entry, else the `default` entry, else nothing.
 *
 * Resolves with an empty object when there is no file or no entry; rejects with Node's error when it cannot be read.
 *
 * @param file Default: the environment's `NETRC`, else `.netrc` in the home directory.
 * @example
 * ```ts
 * const ftp = new FtpClient({ host, ...(await netrcCredentials(host)) });
 * ```
 */
export async function netrcCredentials(
  host: string,
  file: string = process.env.NETRC ?? join(homedir(), '.netrc'),
): Promise<NetrcCredentials> {
  try {
    return findCredentials(await readFile(file, 'utf8'), host);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}

function findCredentials(text: string, host: string): NetrcCredentials {
  const tokens = tokenize(text);
  let fallback: NetrcCredentials = {};
  for (let at = 0; at < tokens.length; ) {
    const token = tokens[at];
    if (token !== 'machine' && token !== 'default') {
      at += 1;
      continue;
    }
    const start = token === 'machine' ? at + 2 : at + 1;
    const { credentials, next } = readFields(tokens, start);
    if (token === 'machine' && tokens[at + 1]?.toLowerCase() === host.toLowerCase()) return credentials;
    if (token === 'default') fallback = credentials;
    at = next;
  }
  return fallback;
}

function readFields(tokens: readonly string[], start: number): { credentials: NetrcCredentials; next: number } {
  const credentials: { -readonly [K in keyof NetrcCredentials]: string } = {};
  let at = start;
  for (; at < tokens.length; at += 2) {
    const field = FIELDS[tokens[at] ?? ''];
    const value = tokens[at + 1];
    if (field === undefined || value === undefined) break;
    credentials[field] = value;
  }
  return { credentials, next: at };
}

/** Words and quoted strings; `#` begins a comment; a `macdef` runs to the next blank line. */
function tokenize(text: string): readonly string[] {
  const withoutMacros = text.replace(/^[ \t]*macdef\b[^\n]*\n(?:[^\n]+\n?)*/gm, '');
  const found = withoutMacros.matchAll(/"((?:[^"\\]|\\.)*)"|#[^\n]*|(\S+)/g);
  return [...found].flatMap(([, quoted, word]) => {
    if (quoted !== undefined) return [quoted.replace(/\\(.)/g, '$1')];
    return word === undefined ? [] : [word];
  });
}

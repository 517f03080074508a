/** Reads credentials from a `.netrc` file, as ftp(1), curl and ftplib's command line do. */

export interface NetrcCredentials {
  readonly user?: string;
  readonly password?: string;
  readonly account?: string;
}

const FIELDS: ReadonlyMap<string | undefined, keyof NetrcCredentials> = new Map([
  ['login', 'user'],
  ['user', 'user'],
  ['password', 'password'],
  ['account', 'account'],
]);

/**
 * Resolves with the entry of the `.netrc` file for `host`: its `machine` entry, else the `default` entry, else nothing. Values with blanks
 * are in quotation marks. A value may begin with `#`, which begins a comment only in the place of a keyword.
 *
 * Resolves with an empty object if there is no file or no entry. Rejects with Node's error if it cannot read the file.
 *
 * @param file Default: the environment's `NETRC`, else `.netrc` in the home directory.
 * @example
 * ```ts
 * const ftp = new FtpClient({ host, ...(await netrcCredentials(host)) });
 * ```
 */
export async function netrcCredentials(
  host: string,
  file: string | undefined = process.env.NETRC,
): Promise<NetrcCredentials> {
  try {
    const { readFile } = await import('node:fs/promises');
    return findCredentials(await readFile(file ?? (await fileAtHome()), 'utf8'), host);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}

async function fileAtHome(): Promise<string> {
  const [{ homedir }, { join }] = await Promise.all([import('node:os'), import('node:path')]);
  return join(homedir(), '.netrc');
}

function findCredentials(text: string, host: string): NetrcCredentials {
  const words = new Words(text);
  let fallback: NetrcCredentials = {};
  for (let keyword = words.keyword(); keyword !== undefined; ) {
    if (keyword !== 'machine' && keyword !== 'default') {
      if (keyword === 'macdef') words.skipMacro();
      keyword = words.keyword();
      continue;
    }
    const name = keyword === 'machine' ? words.value() : undefined;
    const { credentials, next } = readFields(words);
    if (name?.toLowerCase() === host.toLowerCase()) return credentials;
    if (keyword === 'default') fallback = credentials;
    keyword = next;
  }
  return fallback;
}

/** The fields of one entry, and the first keyword behind them. */
function readFields(words: Words): { credentials: NetrcCredentials; next: string | undefined } {
  const credentials: { -readonly [K in keyof NetrcCredentials]: string } = {};
  for (;;) {
    const next = words.keyword();
    const field = FIELDS.get(next);
    if (field === undefined) return { credentials, next };
    const value = words.value();
    if (value !== undefined) credentials[field] = value;
  }
}

/**
 * Words and quoted strings. `#` begins a comment only in the place of a keyword, as in Python's netrc: a password may begin with it.
 */
class Words {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The next word, with any first character. */
  value(): string | undefined {
    const word = /\s*(?:"((?:[^"\\]|\\.)*)"|(\S+))/y;
    word.lastIndex = this.#at;
    const found = word.exec(this.#text);
    if (found === null) return undefined;
    this.#at = word.lastIndex;
    return found[1]?.replace(/\\(.)/g, '$1') ?? found[2];
  }

  /** The next word that is not in a comment. */
  keyword(): string | undefined {
    let word = this.value();
    for (; word?.startsWith('#'); word = this.value()) this.#skipTo('\n');
    return word;
  }

  /** A macro runs to the next blank line. */
  skipMacro(): void {
    this.#skipTo('\n');
    const blank = /^\r?\n/gm;
    blank.lastIndex = this.#at + 1;
    this.#at = blank.exec(this.#text)?.index ?? this.#text.length;
  }

  #skipTo(end: string): void {
    const index = this.#text.indexOf(end, this.#at);
    this.#at = index === -1 ? this.#text.length : index;
  }
}

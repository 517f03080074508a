/**
 * Reads FTP URLs (RFC 1738 section 3.2) as options. `ftp:` is plain, `ftps:` implicit TLS, `ftpes:` explicit TLS.
 *
 * As in the RFC, the path is relative to the login directory; a second slash (or `%2F`) makes it absolute. There is no query: a question
 * mark belongs to the path. `;type=` at its end is the type of transfers (section 3.2.2). Percent-encoded bytes are UTF-8, whatever the
 * option `encoding` is.
 */
import { FtpUsageError } from '../errors.js';
import type { FtpOptions } from './options.js';

const SECURITY: Readonly<Record<string, FtpOptions['secure']>> = /* @__PURE__ */ Object.freeze({
  'ftp:': false,
  'ftps:': 'implicit',
  'ftpes:': 'explicit',
});

/**
 * Reads the options in a URL, to be combined with others. They are `host`, `port`, `user`, `password`, `secure`, and the path as
 * `directory`. `;type=a` or `;type=i` at its end is the `type` (`ascii`, `binary`) of transfers that name none. `;type=d`, in RFC 1738 a
 * listing of the path, sets nothing: the path is the directory to list. Any other `;type=` is an error. Throws FtpUsageError, which never
 * shows the URL's password.
 *
 * @example
 * ```ts
 * const ftp = new FtpClient({ ...parseFtpUrl('ftpes://user@ftp.example.com/in'), password: askForIt, maxSessions: 4 });
 * ```
 */
export function parseFtpUrl(given: string | URL): FtpOptions {
  const url = toUrl(given);
  const secure = SECURITY[url.protocol];
  if (secure === undefined)
    throw new FtpUsageError('An FTP URL begins with ftp:, ftps: (implicit TLS) or ftpes: (explicit TLS).');
  const [path = '', type] = `${url.pathname}${url.search}`.replace(/^\//, '').split(/;type=([^/]*)$/i);
  const directory = decode(path, 'path');
  return {
    host: hostOf(url),
    // Not for ftp: with `tls` beside it, a URL does not ask for clear text.
    ...(secure === false ? {} : { secure }),
    ...(url.port === '' ? {} : { port: Number(url.port) }),
    ...(url.username === '' ? {} : { user: decode(url.username, 'user') }),
    ...(url.password === '' ? {} : { password: decode(url.password, 'password') }),
    ...(directory === '' ? {} : { directory }),
    ...typeOption(type),
  };
}

/** `ftp://host;type=a` has no path that the type could stand behind. */
function hostOf(url: URL): string {
  const host = decode(url.hostname, 'host').replace(/^\[(.*)\]$/, '$1');
  if (!host.includes(';')) return host;
  throw new FtpUsageError('The host of the URL has a semicolon: ;type= comes after a slash, as in ftp://host/;type=a.');
}

/** Of `d`, a listing, there is nothing to set: the path is a directory anyway. */
function typeOption(code: string | undefined): Pick<FtpOptions, 'type'> {
  if (code === undefined || code.toLowerCase() === 'd') return {};
  if (!/^[ai]$/i.test(code)) throw new FtpUsageError('The ;type= of an FTP URL is a, i or d; a name has %3B for ";".');
  return { type: code.toLowerCase() === 'a' ? 'ascii' : 'binary' };
}

function toUrl(given: string | URL): URL {
  try {
    return new URL(given);
  } catch {
    // Node's own error shows the URL, and with it the password.
    throw new FtpUsageError('This is not a URL; expected something like ftp://user@host/directory/.');
  }
}

function decode(text: string, part: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new FtpUsageError(
      `The ${part} of the URL is not valid percent-encoding of UTF-8. Text in another charset goes into the option of its own, such as directory.`,
    );
  }
}

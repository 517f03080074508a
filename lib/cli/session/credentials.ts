/**
 * Reads user and password from the first place that has them: URL, `--user`, `RXFTP_PASSWORD`, `.netrc`, a prompt.
 *
 * It takes the environment's password only for a named user, and never for `anonymous`.
 */
import { type FtpOptions, netrcCredentials } from '../../index.js';
import { wrongUsage } from './command-error.js';

export interface CredentialSources {
  /** The value of `--user`: a name, or `name:password`. */
  readonly user: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Asks a person; undefined if there is no terminal. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
}

type Credentials = Pick<FtpOptions, 'user' | 'password' | 'account'>;

export async function findCredentials(url: FtpOptions, sources: CredentialSources): Promise<Credentials> {
  const named = namedUser(url, sources.user);
  if (named.password !== undefined) return named;
  const inEnvironment = sources.environment.RXFTP_PASSWORD;
  const isPerson = named.user !== undefined && named.user !== 'anonymous';
  if (isPerson && inEnvironment !== undefined) return { ...named, password: inEnvironment };
  const found = await netrcCredentials(url.host);
  if (named.user === undefined) return found.user === undefined ? {} : { password: inEnvironment, ...found };
  if (found.user === named.user && found.password !== undefined) return found;
  if (!isPerson || sources.ask === undefined) return named;
  // Asked now: a function as `password` would have no longer than the connect timeout.
  return { ...named, password: await sources.ask(`Password of ${named.user} at ${url.host}: `) };
}

function namedUser({ user, password }: FtpOptions, option: string | undefined): Credentials {
  if (option === undefined) return { user, password };
  const [name = '', ...rest] = option.split(':');
  if (name === '') throw wrongUsage('The option --user takes a name: --user me');
  if (user !== undefined && user !== name) throw wrongUsage('The URL and --user name different users: leave one out.');
  return { user: name, password: rest.length === 0 ? password : rest.join(':') };
}

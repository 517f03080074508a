/** Holds the clients of one command: one for each login, opened when the first operation needs it. */
import { concatMap, map, merge } from 'rxjs';
import { FtpClient, type FtpOptions } from '../../index.js';
import { printable } from '../../protocol/index.js';
import { proxyFromEnvironment } from '../../proxy/index.js';
import type { Output } from '../screen/output.js';
import { wrongUsage } from './command-error.js';
import type { Login, Options, Place } from './context.js';
import { type CredentialSources, findCredentials } from './credentials.js';
import { segmentsOf } from './segments.js';
import { readTarget } from './target.js';
import { tlsOptions } from './tls-options.js';

const MOST_CHARACTERS = 2000;

export class Connections {
  readonly #options: Options;
  readonly #output: Output;
  readonly #ask: CredentialSources['ask'];
  readonly #clients = new Map<string, Promise<FtpClient>>();

  constructor(options: Options, output: Output, ask: CredentialSources['ask']) {
    this.#options = options;
    this.#output = output;
    this.#ask = ask;
  }

  async open(url: string): Promise<Place> {
    const { options, path } = readTarget(url);
    const login = JSON.stringify(options);
    const opened = this.#clients.get(login) ?? this.#connect(options);
    this.#clients.set(login, opened);
    return { ftp: await opened, path };
  }

  /** `drain`: cancelled transfers come to their end first, and partial files are removed. */
  async close(drain: boolean): Promise<void> {
    const opened = await Promise.allSettled(this.#clients.values());
    const clients = opened.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    await Promise.all(
      clients.map((ftp) => new Promise<void>((complete) => ftp.close$({ drain }).subscribe({ complete }))),
    );
  }

  async #connect(url: FtpOptions): Promise<FtpClient> {
    const options = await this.#clientOptions(url);
    const ftp = new FtpClient(options);
    if (this.#options.verbose === true) this.#showDialogue(ftp);
    return ftp;
  }

  /** All that the URL, the options, the environment and `.netrc` say. */
  async login(url: string): Promise<Login> {
    const { options, path } = readTarget(url);
    return { options: await this.#clientOptions(options), path };
  }

  async #clientOptions(url: FtpOptions): Promise<FtpOptions> {
    const { active, encoding, insecure, user } = this.#options;
    const sources = { user: textOf(user), environment: process.env, ask: this.#ask };
    const tls = await tlsOptions(url.secure, this.#options);
    if (insecure === true) {
      this.#output.warn(
        '--insecure: the server is not verified. An attacker on the path can read the password and all data.',
      );
    }
    return {
      ...url,
      ...(await findCredentials(url, sources)),
      ...tls,
      connector: proxyFromEnvironment(),
      ...(active === true ? { mode: 'active' } : {}),
      ...sessionLimit(this.#options),
      ...(typeof encoding === 'string' ? { encoding } : {}),
    };
  }

  /** The library masks what is secret. */
  #showDialogue(ftp: FtpClient): void {
    const commands$ = ftp.command$.pipe(map((line) => `> ${line}`));
    const replies$ = ftp.reply$.pipe(
      concatMap(({ code, lines }) => lines.map((line, at) => replyLine(code, line, at))),
    );
    merge(commands$, replies$).subscribe((line) => this.#output.say(printable(line, MOST_CHARACTERS)));
  }
}

function replyLine(code: number, line: string, at: number): string {
  return at === 0 ? `< ${code} ${line}` : `<     ${line}`;
}

function textOf(value: Options[string]): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Segments need a session each, and the client keeps one for commands. */
function sessionLimit({ sessions, segments }: Options): Pick<FtpOptions, 'maxSessions'> {
  if (sessions !== undefined) return { maxSessions: sessionsOf(sessions) };
  const count = segmentsOf(segments) ?? 1;
  return count === 1 ? {} : { maxSessions: count + 1 };
}

function sessionsOf(value: Options[string]): number {
  if (typeof value === 'string' && /^[1-9]\d?$/.test(value)) return Number(value);
  throw wrongUsage('The option --sessions takes a number from 1 to 99.');
}

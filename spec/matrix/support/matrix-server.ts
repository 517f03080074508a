/** The golden server of a run: the small scripted server, directed. Its certificate is made once for all runs. */
import { createHash } from 'node:crypto';
import type { ServerTls } from '../../support/scripted/server-tls.js';
import { serverTls } from '../../support/scripted/server-tls.js';
import type { CommandLine, Session } from '../../support/scripted/session.js';
import { type AbortStyle, ScriptedServer, type ServerEvent } from '../../support/scripted-server.js';
import type { Director } from './director.js';
import type { Link } from './link.js';
import { files, WITHOUT_MLST } from './operation.js';

export function tlsOf(link: Link): Promise<ServerTls> | undefined {
  if (link === 'plain') return undefined;
  const version = link === 'TLS 1.2' ? 'TLSv1.2' : 'TLSv1.3';
  return serverTls({ mode: 'explicit', options: { minVersion: version, maxVersion: version } });
}

export interface ServerWish {
  readonly tls: ServerTls | undefined;
  readonly greeting: string;
  readonly abort: AbortStyle;
  readonly ccc: boolean;
  readonly features: readonly string[];
}

export class MatrixServer extends ScriptedServer {
  readonly #director: Director;

  constructor({ tls, greeting, abort, ccc, features }: ServerWish, director: Director) {
    super({ files, greeting, abort, ccc, chunking: 'whole' }, tls);
    this.#director = director;
    this.features = [...this.features, ...features];
    this.on('HOST', (session) => session.reply('220 This host is served.'));
    for (const verb of ['CLNT', 'LANG', 'PRET']) this.on(verb, (session) => session.reply('200 Fine.'));
    this.on('SITE', (session, what, command) => (what === 'IDLE 9' ? session.reply('200 Fine.') : command.byDefault()));
    // In any type: whether TYPE was refused must not matter to the probes.
    this.on('SIZE', (session, path) => session.reply(`213 ${this.tree.file(path)?.bytes.length}`));
    this.on('MLST', (session, path, { byDefault }) =>
      path === WITHOUT_MLST ? session.reply('500 What?') : byDefault(),
    );
    addChecksums(this);
    this.on('HELP', (session, topic) => session.reply(`214 Help on ${topic}.`));
    this.on('SMNT', (session) => session.reply('250 Mounted.'));
    // The user stays logged in: whether REIN was refused must not matter to the probes.
    this.on('REIN', (session) => session.reply('220 Ready for a new user.'));
  }

  /** The events of the run, each with its session; for a failed run. */
  dialogue(): string {
    return this.events.map(spoken).filter(Boolean).slice(-24).join('\n');
  }

  override opened(session: Session): void {
    this.#director.direct(session);
  }

  override arrived(session: Session, line: CommandLine): void {
    session.inTurn(async () => this.#director.answers(session, line.verb));
    super.arrived(session, line);
  }
}

/** HASH with OPTS and RANG; and XSHA256, whose range ends as ProFTPD's does. */
function addChecksums(server: ScriptedServer): void {
  server.features = [...server.features, 'HASH SHA-1*;SHA-256', 'RANG STREAM', 'XSHA256'];
  const sha256 = (path = '', start = 0, end = Number.POSITIVE_INFINITY): string =>
    createHash('sha256')
      .update((server.tree.file(path)?.bytes ?? Buffer.alloc(0)).subarray(start, end))
      .digest('hex');
  const ranges = new WeakMap<Session, readonly [number, number]>();
  server.on('OPTS', (session, argument, { byDefault }) =>
    argument.startsWith('HASH') ? session.reply(`200 ${argument.slice(5)}`) : byDefault(),
  );
  server.on('RANG', (session, argument) => {
    const [first = 0, last = 0] = argument.split(' ').map(Number);
    if (first > last) ranges.delete(session);
    else ranges.set(session, [first, last]);
    return session.reply(first > last ? '350 No range.' : '350 Range.');
  });
  server.on('HASH', (session, path) => {
    const [first, last] = ranges.get(session) ?? [0, (server.tree.file(path)?.bytes.length ?? 0) - 1];
    return session.reply(`213 SHA-256 ${first}-${last} ${sha256(path, first, last + 1)} ${path}`);
  });
  server.on('XSHA256', (session, argument) => {
    const [path, start, end] = argument.split(' ');
    return session.reply(`250 ${sha256(path, Number(start ?? 0), Number(end ?? Number.MAX_SAFE_INTEGER))}`);
  });
}

function spoken(event: ServerEvent): string {
  if (event.kind === 'command') return `${event.session} > ${event.text}`;
  if (event.kind === 'reply') return `${event.session} < ${event.text}`;
  return event.kind.startsWith('data-') || event.kind.startsWith('control-') ? `${event.session}   ${event.kind}` : '';
}

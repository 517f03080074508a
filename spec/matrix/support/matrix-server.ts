/** The golden server of a run: the small scripted server, directed. Its certificate is made once for all runs. */
import type { ServerTls } from '../../support/scripted/server-tls.js';
import { serverTls } from '../../support/scripted/server-tls.js';
import type { CommandLine, Session } from '../../support/scripted/session.js';
import { type AbortStyle, ScriptedServer, type ServerEvent } from '../../support/scripted-server.js';
import type { Director } from './director.js';
import { files } from './operations.js';

export const links = ['plain', 'TLS 1.2', 'TLS 1.3'] as const;
export type Link = (typeof links)[number];

export function tlsOf(link: Link): Promise<ServerTls> | undefined {
  if (link === 'plain') return undefined;
  const version = link === 'TLS 1.2' ? 'TLSv1.2' : 'TLSv1.3';
  return serverTls({ mode: 'explicit', options: { minVersion: version, maxVersion: version } });
}

export interface ServerWish {
  readonly tls: ServerTls | undefined;
  readonly greeting: string;
  readonly abort: AbortStyle;
}

export class MatrixServer extends ScriptedServer {
  readonly #director: Director;

  constructor({ tls, greeting, abort }: ServerWish, director: Director) {
    const greet = (session: Session): unknown => {
      director.direct(session);
      return session.reply(greeting);
    };
    super({ files, greeting: greet, abort, chunking: 'whole' }, tls);
    this.#director = director;
    // In any type: whether TYPE was refused must not matter to the probes.
    this.on('SIZE', (session, path) => session.reply(`213 ${this.tree.file(path)?.bytes.length}`));
    this.on('HELP', (session, topic) => session.reply(`214 Help on ${topic}.`));
  }

  /** What was seen and said, each with its session; for a run that went wrong. */
  dialogue(): string {
    return this.events.map(spoken).filter(Boolean).slice(-24).join('\n');
  }

  override arrived(session: Session, line: CommandLine): void {
    session.inTurn(async () => this.#director.answers(session, line.verb));
    super.arrived(session, line);
  }
}

function spoken(event: ServerEvent): string {
  if (event.kind === 'command') return `${event.session} > ${event.text}`;
  if (event.kind === 'reply') return `${event.session} < ${event.text}`;
  return event.kind.startsWith('data-') || event.kind.startsWith('control-') ? `${event.session}   ${event.kind}` : '';
}

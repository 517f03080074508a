/** A session whose window a spec fills: on a server that takes several commands at a time, with the packets that go out. */
import type { Observable } from 'rxjs';
import { type Observation, observe } from '../../support/observe.js';
import type { ScriptedServer, ScriptedServerOptions } from '../../support/scripted-server.js';
import { type ClientOptions, type Connected, connected, Latch } from './connected.js';
import { Packets } from './packets.js';

/** A server that its greeting names, and of which a window of 32 commands is known to be sound. */
export const known = { greeting: '220 ProFTPD Server (Debian)' };
export const unknown = { greeting: '220 Ready' };
export const files = { '/a': 'abc', '/b': 'four', '/c': 'fives', '/dir/': '' };
/** The answer to MDTM for each file. */
export const modified: Date = new Date('2024-02-03T04:05:06.000Z');

export interface WindowedOptions {
  readonly server?: ScriptedServerOptions;
  readonly client?: ClientOptions;
  /** Prepares the server. */
  readonly script?: (server: ScriptedServer) => unknown;
}

/** `packets`: what has been sent since the login. */
export type Windowed = Connected & { readonly packets: Packets };

export async function windowed({ server = known, client, script }: WindowedOptions = {}): Promise<Windowed> {
  const packets = new Packets();
  const at = await connected({ files, ...server }, { connector: packets.connector, ...client }, (started) => {
    script?.(started);
  });
  packets.clear();
  return Object.assign(at, { packets });
}

/** `answer`: MDTM of these paths, or of all, is answered from now on. */
export type Gated = Windowed & { answer(...paths: readonly string[]): void };

/** A session whose MDTMs stay unanswered until the spec says so. */
export async function gated(client: ClientOptions = {}): Promise<Gated> {
  const gates = new Map(Object.keys(files).map((path) => [path, new Latch()]));
  const script = (server: ScriptedServer): ScriptedServer =>
    server.on('MDTM', async (_session, path, command) => {
      await gates.get(path)?.opened;
      await command.byDefault();
    });
  const answer = (...paths: readonly string[]): void => {
    for (const path of paths.length === 0 ? gates.keys() : paths) gates.get(path)?.open();
  };
  return Object.assign(await windowed({ client, script }), { answer });
}

/** Subscribes to all, in this order and in one turn. */
export function observeAll(...sources: readonly Observable<unknown>[]): Observation<unknown>[] {
  return sources.map((source) => observe(source));
}

/** The values of each, when all have completed. */
export function settled(all: readonly Pick<Observation<unknown>, 'settled'>[]): Promise<readonly unknown[][]> {
  return Promise.all(all.map((one) => one.settled));
}

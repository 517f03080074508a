/** The servers and networks of one run, each started when the first scenario needs it, and all ended together. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { abilities, isInstalled } from '../../spec/support/real-servers/installed.js';
import type { RealServer, ServerName } from '../../spec/support/real-servers/real-server.js';
import { startServer } from '../../spec/support/real-servers/start-server.js';
import { type Link, missingFor, type Network, openNetwork } from './network.js';

export interface ServerWish {
  readonly name: ServerName;
  readonly link: Link;
  readonly tls: boolean;
}

/** A server, and how clients get to it. */
export interface Venue {
  readonly server: RealServer;
  readonly network: Network;
  /** A PEM file; with TLS only. */
  readonly ca: string | undefined;
}

export class Hall implements AsyncDisposable {
  readonly #root: string;
  readonly #directory: string;
  readonly #netdelay: string;
  readonly #networks = new Map<Link, Promise<Network>>();
  readonly #venues = new Map<string, Promise<Venue>>();

  /** All servers show `root`; `directory` is for their certificates. */
  constructor(root: string, directory: string, netdelay: string) {
    this.#root = root;
    this.#directory = directory;
    this.#netdelay = netdelay;
  }

  /** Why that server cannot be had on this machine; `undefined` when it can. */
  missing({ name, link, tls }: ServerWish): string | undefined {
    if (tls && !abilities[name].explicitTls) return `${name} has no TLS`;
    if (!isInstalled(name)) return `${name} needs root, and to be installed by \`bash .ci/install-servers\``;
    return missingFor(link);
  }

  network(link: Link): Promise<Network> {
    return remembered(this.#networks, link, () => openNetwork(link, this.#netdelay));
  }

  venue(wish: ServerWish): Promise<Venue> {
    return remembered(this.#venues, `${wish.name}-${wish.link}-${wish.tls}`, () => this.#open(wish));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const venue of await Promise.allSettled(this.#venues.values())) {
      if (venue.status === 'fulfilled') await venue.value.server.stop();
    }
    for (const network of await Promise.allSettled(this.#networks.values())) {
      if (network.status === 'fulfilled') await network.value[Symbol.asyncDispose]();
    }
  }

  async #open({ name, link, tls }: ServerWish): Promise<Venue> {
    const network = await this.network(link);
    const server = await startServer(name, {
      tls: tls ? 'explicit' : false,
      root: this.#root,
      bindAddress: network.address,
      commandPrefix: network.serverPrefix,
      logCommands: false,
      inetd: name === 'proftpd',
    });
    if (server.ca === undefined) return { server, network, ca: undefined };
    const ca = join(this.#directory, `${name}-${link}.pem`);
    await writeFile(ca, server.ca);
    return { server, network, ca };
  }
}

function remembered<K, V>(known: Map<K, Promise<V>>, key: K, open: () => Promise<V>): Promise<V> {
  const found = known.get(key) ?? open();
  known.set(key, found);
  return found;
}

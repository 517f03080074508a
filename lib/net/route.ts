/**
 * Defines the route of a connector. The connectors of `rxftp/proxy` tell it for each server. The client must know of a proxy before it
 * connects. Active mode cannot work through one, and an error must name it. The client assumes no proxy behind any other connector.
 */
import type { Connector } from './connector.js';

/** The requested server: the options `host` and `port`. */
export interface Destination {
  readonly host: string;
  readonly port: number;
}

/** The way to one server, by its control connection and its data connections alike. */
export interface Route {
  readonly connector: Connector;
  /** The proxy on the way, in the words of errors, without credentials. Undefined if none is known. */
  readonly proxy?: string | undefined;
}

/** In the registry of symbols, since a program may have two copies of this package. */
const ROUTE: unique symbol = /* @__PURE__ */ Symbol.for('rxftp.route');

interface Routed {
  readonly [ROUTE]?: (destination: Destination) => Route;
}

/** Returns `connector` itself, which tells its route by `choose` from now on. */
export function withRoute(connector: Connector, choose: (destination: Destination) => Route): Connector {
  return Object.defineProperty(connector, ROUTE, { value: choose });
}

/** The route to `destination` by `connector`. */
export function routeOf(connector: Connector, destination: Destination): Route {
  const choose = (connector as Routed)[ROUTE];
  return choose === undefined ? { connector } : choose(destination);
}

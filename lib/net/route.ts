/**
 * Where a connector leads. The connectors of `rxftp/proxy` tell it for each server. The client must know of a proxy before it
 * connects: active mode cannot work through one, and an error must name it. Any other connector is taken as it is.
 */
import type { Connector } from './connector.js';

/** The server that is asked for: the options `host` and `port`. */
export interface Destination {
  readonly host: string;
  readonly port: number;
}

/** How one server is reached: by its control connection and its data connections alike. */
export interface Route {
  readonly connector: Connector;
  /** The proxy on the way, as errors name it, without credentials. Undefined where none is known. */
  readonly proxy?: string | undefined;
}

/** In the registry of symbols, since a program may have two copies of this package. */
const ROUTE: unique symbol = /* @__PURE__ */ Symbol.for('rxftp.route');

interface Routed {
  readonly [ROUTE]?: (destination: Destination) => Route;
}

/** `connector` itself, which tells its route by `choose` from now on. */
export function withRoute(connector: Connector, choose: (destination: Destination) => Route): Connector {
  return Object.defineProperty(connector, ROUTE, { value: choose });
}

/** The route to `destination` by `connector`. */
export function routeOf(connector: Connector, destination: Destination): Route {
  const choose = (connector as Routed)[ROUTE];
  return choose === undefined ? { connector } : choose(destination);
}

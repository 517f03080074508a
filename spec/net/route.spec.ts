import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type Connector, connectSocket } from '../../lib/net/connector.js';
import { routeOf, withRoute } from '../../lib/net/route.js';

const to = { host: 'ftp.example', port: 21 };
const plain = (): Connector => () => Promise.reject(new Error('not used'));

describe('the route of a connector', () => {
  it('is the connector itself where it tells none', () => {
    const mine = plain();
    expect(routeOf(mine, to)).toEqual({ connector: mine });
    expect(routeOf(connectSocket, to)).toEqual({ connector: connectSocket });
  });

  it('is what the connector chooses for each server', () => {
    const mine = plain();
    const connector = withRoute(mine, ({ host, port }) => ({ connector: connectSocket, proxy: `${host} ${port}` }));
    expect(connector).toBe(mine);
    expect(routeOf(connector, to)).toEqual({ connector: connectSocket, proxy: 'ftp.example 21' });
  });

  it('is not seen on it, and holds for every copy of the package', () => {
    const connector = withRoute(plain(), () => ({ connector: connectSocket }));
    expect([Object.keys(connector), inspect(connector)]).toEqual([[], '[Function (anonymous)]']);
    expect(Object.getOwnPropertySymbols(connector)).toEqual([Symbol.for('rxftp.route')]);
  });
});

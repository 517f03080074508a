/// <reference types="node" preserve="true" />
/** Exports connectors that go through proxies. */
export { proxyFromEnvironment } from './environment.js';
export { httpConnect } from './http-connect.js';
export { socks } from './socks.js';

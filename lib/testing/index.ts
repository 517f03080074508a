/// <reference types="node" preserve="true" />
/** Exports a server in the process, and byte streams without a server, for tests of programs that use this library. */
export { byteStream } from '../streams/source-stream.js';
export type { FaultyConnection, TestFault } from './faults.js';
export type { TestServerOptions, TestTlsOptions } from './options.js';
export { testServer } from './start-server.js';
export type { MadeContent, StoredContent } from './test-content.js';
export type { TestContent, TestFile } from './test-file.js';
export type { TestFiles } from './test-files.js';
export type { TestCommand, TestHandler, TestServer } from './test-server.js';

/** The server the examples use, for the specs: there is one of it. */
export * from '../../examples/support/embedded-server.js';

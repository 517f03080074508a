/** The certificates the examples use, for the specs: there is one maker of them. */
export * from '../../examples/support/certificates.js';

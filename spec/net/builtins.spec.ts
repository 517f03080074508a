import crypto from 'node:crypto';
import dns from 'node:dns/promises';
import tls from 'node:tls';
import { describe, expect, it } from 'vitest';
import { nodeCrypto, nodeDns, nodeTls } from '../../lib/net/builtins.js';

describe("Node's modules that are loaded when they are first used", () => {
  it.each([
    ['node:tls', nodeTls, tls],
    ['node:crypto', nodeCrypto, crypto],
    ['node:dns/promises', nodeDns, dns],
  ])('%s is the one that an import gives, each time', (_name, load, imported) => {
    expect(load()).toBe(imported);
    expect(load()).toBe(imported);
  });
});

import crypto from 'node:crypto';
import dns from 'node:dns/promises';
import http from 'node:http';
import tls from 'node:tls';
import { describe, expect, it } from 'vitest';
import { nodeCrypto, nodeDns, nodeHttp, nodeTls } from '../../lib/net/builtins.js';

describe("Node's modules that are loaded when they are first used", () => {
  it.each([
    ['node:tls', nodeTls, tls],
    ['node:crypto', nodeCrypto, crypto],
    ['node:dns/promises', nodeDns, dns],
    ['node:http', nodeHttp, http],
  ])('%s is the one that an import gives, each time', (_name, load, imported) => {
    expect(load()).toBe(imported);
    expect(load()).toBe(imported);
  });
});

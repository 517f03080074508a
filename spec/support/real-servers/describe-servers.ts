/**
 * The real servers in vitest's words: a `describe` for each, skipped aloud where a server is missing.
 *
 * On CI a missing server fails, or interop could be lost unnoticed.
 */
import { describe, expect, it } from 'vitest';
import { isInstalled } from './installed.js';
import type { ServerName } from './real-server.js';

/** `body` runs once for each name, inside a `describe` of that name. */
export function describeServers(names: readonly ServerName[], body: (name: ServerName) => void): void {
  for (const name of names) {
    if (isInstalled(name)) describe(name, () => body(name));
    else missing(name);
  }
}

function missing(name: ServerName): void {
  const title = `${name} is installed; \`bash .ci/install-servers\`, as root, does it`;
  if (process.env.CI) {
    it(title, () => expect.fail('on CI no server may be missing'));
    return;
  }
  console.warn(`skipped: interop with ${name}. To install it: bash .ci/install-servers (Debian, as root)`);
  it.skip(title);
}

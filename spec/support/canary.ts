/**
 * Canary secrets: a spec registers a password, and the set-up file proves after the spec that it is in no console
 * output and in no error, plain, URI-encoded or in base64.
 */
import { inspect } from 'node:util';

const secrets = new Set<string>();
const overheard: string[] = [];

/** Registers a secret for the running spec, and returns it. */
export function secret(value: string): string {
  secrets.add(value);
  return value;
}

/** Adds text, or anything with text in it, to what must not contain a secret; errors count with all their fields. */
export function overhear(source: string, evidence: unknown): void {
  if (secrets.size === 0) return;
  const text = typeof evidence === 'string' ? evidence : inspect(evidence, { depth: 8, showHidden: true });
  overheard.push(`${source}: ${text}`);
}

/** Where a secret was found since the last call; forgets secrets and evidence. */
export function takeLeakedSecrets(): string[] {
  const found = [...secrets].flatMap((value) =>
    overheard.filter((text) => spellings(value).some((spelling) => text.includes(spelling))),
  );
  secrets.clear();
  overheard.length = 0;
  return found.map((text) => `a secret leaked into ${text}`);
}

function spellings(value: string): string[] {
  const base64 = Buffer.from(value).toString('base64').replace(/=+$/, '');
  return [value, encodeURIComponent(value), base64];
}

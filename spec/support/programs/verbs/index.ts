/** All verbs of programs, by name. */
import type { Verb } from '../verb.js';
import { changes } from './changes.js';
import { listings } from './listings.js';
import { metadata } from './metadata.js';
import { names } from './names.js';
import { plain } from './plain.js';
import { transfers } from './transfers.js';

/** The simplest first: a failing program is made shorter with those. */
export const verbs: Readonly<Record<string, Verb>> = {
  ...plain,
  ...changes,
  ...names,
  ...metadata,
  ...listings,
  ...transfers,
};

export function verbOf(name: string): Verb {
  const verb = verbs[name];
  if (verb === undefined) throw new Error(`no verb of programs: ${name}`);
  return verb;
}

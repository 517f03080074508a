/**
 * Listings with the facts that the server gives by default. The user's choice by OPTS MLST (RFC 3659 section
 * 7.9) holds for `mlsd$` and `mlst$` alone. Without `type` a directory cannot be told from a file.
 */
import type { Session } from '../../control/session.js';
import { command } from '../../protocol/command.js';
import { formatFactsOption } from '../../protocol/facts.js';
import type { Features } from '../../protocol/features.js';
import { withUndo } from './with-undo.js';

/** The facts that every file entry needs, with any default. */
const NEEDED = /* @__PURE__ */ Object.freeze(['type', 'size', 'modify']);

/** Runs `work` with the default facts; the user's choice, where it leaves one out, is set again afterwards. */
export async function withDefaultFacts(session: Session, work: () => Promise<unknown>): Promise<void> {
  const chosen = session.user.applied.options.get('MLST');
  const defaults = defaultFacts(session.features);
  if (chosen === undefined || includesAll(chosen, defaults)) {
    await work();
    return;
  }
  const option = formatFactsOption(defaults);
  await withUndo(session, command('OPTS', 'MLST', option), [command('OPTS', 'MLST', chosen)], work);
}

/** The facts that FEAT marks by an asterisk as being on, and the facts that are needed. */
function defaultFacts({ mlstFacts }: Features): readonly string[] {
  const marked = mlstFacts.filter(({ enabled }) => enabled).map(({ name }) => name);
  const names = marked.map((fact) => fact.toLowerCase());
  return [...marked, ...NEEDED.filter((fact) => !names.includes(fact))];
}

function includesAll(chosen: string, facts: readonly string[]): boolean {
  const names = chosen.toLowerCase().split(';');
  return facts.every((fact) => names.includes(fact.toLowerCase()));
}

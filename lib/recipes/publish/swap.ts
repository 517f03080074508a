/**
 * Gives the new tree the target's name, by two renames on one session with nothing in between. The target is absent between the two.
 * No swap is left half done. If the session survives, it sends the second rename or its undoing at its end.
 */
import { firstValueFrom, lastValueFrom, type Observable } from 'rxjs';
import type { CommandSequence } from '../../client/command-sequence.js';
import { FtpError, FtpReplyError, withRemark } from '../../errors.js';
import { formatReply } from '../../protocol/reply.js';
import type { RemoteTree } from '../tree/remote-tree.js';
import type { Site } from './site.js';

export interface Swap {
  /** The tree whose root is the site's parent. */
  readonly tree: RemoteTree;
  readonly site: Site;
  /** Whether the target is there. */
  readonly replaces: boolean;
}

/** The target may be absent, and could not be put back: the message names the places of both trees. */
export const UNDECIDED: unique symbol = Symbol('undecided');

/** Resolves when the new tree has its name. If it rejects, the target is unchanged, unless the error has `UNDECIDED`. */
export async function swap(swapped: Swap): Promise<void> {
  const { tree } = swapped;
  try {
    await done(tree.ftp.sequence$((commands) => renames(commands, swapped)));
  } catch (error) {
    if (await isDone({ ...swapped, tree: tree.undoing() }, error)) return;
    throw error instanceof FtpReplyError ? refusedRename(error, swapped.site, tree) : error;
  }
}

/** With an error that a refusal has, so that it is known from a lost connection. */
async function renames(commands: CommandSequence, { tree, site, replaces }: Swap): Promise<void> {
  const [target, old, staging] = [site.name, site.old, site.staging].map((name) => tree.at(name));
  let withdraw = (): void => {};
  if (replaces) {
    await sent(commands, `RNFR ${target}`);
    // The last line given is the first one sent.
    const undo = [`RNTO ${target}`, `RNFR ${old}`].map((line) => commands.atEnd(line));
    withdraw = () => {
      for (const take of undo) take();
    };
    await sent(commands, `RNTO ${old}`, withdraw);
  }
  await sent(commands, `RNFR ${staging}`);
  await sent(commands, `RNTO ${target}`);
  withdraw();
}

async function sent(commands: CommandSequence, line: string, onRefused: () => void = () => {}): Promise<void> {
  const reply = await firstValueFrom(commands.send$(line));
  if (reply.class < 4) return;
  onRefused();
  throw new FtpReplyError(`${line} was refused: ${formatReply(reply)}`, { command: line, reply });
}

/** After a failure: finds the trees, and puts the old one back if the target is absent. */
async function isDone(swapped: Swap, error: unknown): Promise<boolean> {
  const { tree, site, replaces } = swapped;
  try {
    const [target, old, staging] = await Promise.all(
      [site.name, site.old, site.staging].map(async (name) => (await tree.stat(name)) !== undefined),
    );
    if (target === true) return staging === false && (old === true || !replaces);
    if (!replaces) return false;
    if (old !== true) throw error;
    await tree.rename(site.old, site.name);
    return false;
  } catch (cause) {
    throw undecided(swapped, error, cause);
  }
}

function undecided({ tree, site, replaces }: Swap, error: unknown, cause: unknown): Error {
  const [target, old, staging] = [site.name, site.old, site.staging].map((name) => tree.at(name));
  const where = replaces
    ? `The old tree is ${old} or ${target}, the new one ${staging} or ${target}`
    : `The new tree is ${staging} or ${target}`;
  const why =
    cause === error
      ? 'None was found under its name.'
      : `To look for them, or to put the old one back, failed: ${(cause as Error).message}`;
  const first =
    error instanceof FtpError ? withRemark(error, `${where}. ${why}`) : new Error(`${where}. ${why}`, { cause: error });
  return Object.assign(first, { [UNDECIDED]: true });
}

/** A refusal where directories beside the target are made or renamed: as a rule a matter of rights. */
export function refusedRename<E extends FtpError>(error: E, { name, parent }: Site, tree: RemoteTree): E {
  const where = parent === '' ? 'the current directory' : parent;
  return withRemark(
    error,
    `publish$ makes and renames directories in ${where}. If the server does not allow that, mirror$ writes into ${tree.at(name)}.`,
  );
}

function done(operation$: Observable<unknown>): Promise<unknown> {
  return lastValueFrom(operation$, { defaultValue: undefined });
}

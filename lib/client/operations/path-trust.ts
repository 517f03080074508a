/** Decides whether the client may give a path to LIST, MLSD or STAT on this server. */
import type { Session } from '../../control/session.js';
import type { ListWish } from './list-commands.js';
import { hasControl, mayBeMisread } from './misread-path.js';

/**
 * `known`: the greeting tells it, or rows that came by a path. `found`: a probe has shown that the path is read. `probe`: it can be
 * found out. `none`: the directory must be gone into.
 */
export type PathTrust = 'known' | 'found' | 'probe' | 'none';

/** Whether a listing goes by MLSD on this session, once the features are known. */
export function usesMlsd({ features, learned }: Session, { via }: { readonly via?: 'stat' | undefined }): boolean {
  if (via !== undefined || learned.lacks('MLSD')) return false;
  return features.has('MLST') || features.has('MLSD');
}

export function pathTrust(session: Session, wish: ListWish, path: string): PathTrust {
  return usesMlsd(session, wish) ? trustOfMlsd(session, path) : trustOfList(session, wish, path);
}

function trustOfMlsd({ profile, learned, settings }: Session, path: string): PathTrust {
  if (learned.lacks('MLSD path')) return 'none';
  if (profile.mlsdTakesAnyPath === true) return hasControl(path) ? 'none' : 'known';
  if (mayBeMisread(path, settings.codec)) return 'none';
  if (profile.mlsdTakesPaths === true) return 'known';
  if (learned.isProven('MLSD path rows')) return 'known';
  return learned.isProven('MLSD path') ? 'found' : 'probe';
}

/** STAT gets a path only if the greeting shows that LIST takes one: a probe holds for its own command. */
function trustOfList({ profile, learned, settings }: Session, { hidden, via }: ListWish, path: string): PathTrust {
  if (learned.lacks('LIST path') || mayBeMisread(path, settings.codec)) return 'none';
  // A probe would not show that `-a` and the path are read as two.
  if (hidden) return via === undefined && takesDashA(profile, learned) ? 'known' : 'none';
  if (profile.listTakesPaths === true) return 'known';
  if (via !== undefined) return 'none';
  if (learned.isProven('LIST path rows')) return 'known';
  if (learned.isProven('LIST path')) return 'found';
  // A first listing from within shows the form of the rows.
  return learned.isProven('LIST rows') ? 'probe' : 'none';
}

function takesDashA(profile: Session['profile'], learned: Session['learned']): boolean {
  return profile.listsAllOfPaths === true && !learned.lacks('LIST -a');
}

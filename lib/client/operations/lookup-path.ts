/** Splits the path of a looked-up file into its parts. */

export interface LookupPath {
  /** As it is sent: without slashes at the end. */
  readonly path: string;
  /** The name of the entry. */
  readonly name: string;
  /**
   * The directory that lists it. It is undefined for a path that names a directory by itself (`/`, `.`, `..`), which no listing has under
   * that name.
   */
  readonly parent: ParentDirectory | undefined;
}

export interface ParentDirectory {
  /** Undefined for the session's own directory. */
  readonly path: string | undefined;
}

/** A server may take these at the front for a home, an option, or nothing. */
const MAY_BE_LOST = /^[~\s-]/;

/** Slashes at its end do not count, and an empty path means here. */
export function lookupPath(asked: string): LookupPath {
  const given = withoutLastSlashes(asked) || '.';
  const path = MAY_BE_LOST.test(given) ? `./${given}` : given;
  const name = given.slice(given.lastIndexOf('/') + 1);
  if (name === '') return { path: '/', name: '/', parent: undefined };
  if (name === '.' || name === '..') return { path, name, parent: undefined };
  const directory = path.slice(0, path.length - name.length);
  const isOwn = !given.includes('/');
  return { path, name, parent: { path: isOwn ? undefined : withoutLastSlashes(directory) } };
}

function withoutLastSlashes(path: string): string {
  let end = path.length;
  while (end > 1 && path.charAt(end - 1) === '/') end -= 1;
  return path.slice(0, end);
}

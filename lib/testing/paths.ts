/** Resolves paths of the tree in memory. They are absolute, with `/` between names, and no `.`, `..` or empty name. */

/** The absolute path that `path` names, seen from `directory`; without a slash at its end, but for the root. */
export function resolvePath(directory: string, path: string): string {
  const names: string[] = [];
  for (const name of (path.startsWith('/') ? path : `${directory}/${path}`).split('/')) {
    if (name === '..') names.pop();
    else if (name !== '' && name !== '.') names.push(name);
  }
  return `/${names.join('/')}`;
}

/** The directory that `path` is in; the root is in itself. */
export function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

/** The last name of `path`. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The beginning of all paths in the directory `path`: its key in the Map, too. */
export function prefixOf(path: string): string {
  return path === '/' ? '/' : `${path}/`;
}

/** Finds the last name of a path: servers name a listed file by its name, or by its whole path. */

export function lastName(path: string): string {
  const name = withoutLastSlashes(path);
  return name.slice(name.lastIndexOf('/') + 1);
}

export function withoutLastSlashes(path: string): string {
  return path.replace(/\/+$/, '');
}

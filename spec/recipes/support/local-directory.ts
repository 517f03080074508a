/** A directory of the spec's own on the local disk, removed by `await using`. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export class LocalDirectory implements AsyncDisposable {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async make(): Promise<LocalDirectory> {
    return new LocalDirectory(await mkdtemp(join(tmpdir(), 'rxftp-recipes-')));
  }

  at(name: string): string {
    return join(this.path, name);
  }

  async names(): Promise<string[]> {
    return (await readdir(this.path)).toSorted();
  }

  read(name: string): Promise<Buffer> {
    return readFile(this.at(name));
  }

  /** Removes all that is in it. */
  async clear(): Promise<void> {
    for (const name of await readdir(this.path)) await rm(this.at(name), { recursive: true });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return rm(this.path, { recursive: true });
  }
}

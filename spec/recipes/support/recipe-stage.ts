/** Gives specs of `exists` a local directory, a server over files in memory, and a client of it. */
import { FtpClient } from '../../../lib/index.js';
import { type TestServer, testServer } from '../../../lib/testing/index.js';
import { LocalDirectory } from './local-directory.js';

/** The time of the files that a stage begins with. */
export const modified: Date = new Date('2024-05-06T07:08:09Z');

export class RecipeStage implements AsyncDisposable {
  readonly local: LocalDirectory;
  readonly server: TestServer;
  readonly ftp: FtpClient;

  constructor(local: LocalDirectory, server: TestServer) {
    this.local = local;
    this.server = server;
    this.ftp = new FtpClient(server.options);
  }

  static async open(): Promise<RecipeStage> {
    return new RecipeStage(await LocalDirectory.make(), await testServer());
  }

  /** The commands of that verb, so far. */
  sent(verb: string): readonly string[] {
    return this.server.commands.filter((line) => line.startsWith(verb));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.ftp[Symbol.asyncDispose]();
    await this.server[Symbol.asyncDispose]();
    await this.local[Symbol.asyncDispose]();
  }
}

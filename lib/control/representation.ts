/** Sets the representation type of one connection (RFC 959 section 3.1.1), when a transfer or listing needs another. */
import { command } from '../protocol/command.js';
import { accepted, type RequestOptions } from './request.js';
import type { Session } from './session.js';

export class Representation {
  readonly #session: Session;
  /** The TYPE that is under way, which several commands may wait for. */
  #typing: { readonly type: string; readonly done: Promise<void> } | undefined;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Sends TYPE, unless the server has that type already, or is being told. */
  async ensure(type: string, options: Partial<RequestOptions>): Promise<void> {
    if (this.#session.server.type === type) return;
    if (this.#typing?.type !== type) this.#typing = { type, done: this.#set(type, options) };
    const typing = this.#typing;
    try {
      await typing.done;
    } finally {
      if (this.#typing === typing) this.#typing = undefined;
    }
  }

  async #set(type: string, options: Partial<RequestOptions>): Promise<void> {
    const line = command('TYPE', type);
    accepted(await this.#session.request(line, options), line.masked);
  }
}

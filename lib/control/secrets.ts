/** What was sent over a control connection and must not be seen again, should the server echo it. */
import { maskSecret } from '../protocol/command.js';
import { createReply, type Reply } from '../protocol/reply.js';

export class Secrets {
  #texts: readonly string[] = [];

  add(secrets: readonly string[] = []): void {
    if (secrets.length > 0) this.#texts = [...new Set([...this.#texts, ...secrets])];
  }

  /** Masks echoes of secrets, with which servers answer logins and refusals, or whatever they like. */
  conceal(reply: Reply): Reply {
    if (!this.#texts.some((text) => reply.text.includes(text))) return reply;
    return createReply(
      reply.code,
      reply.lines.map((line) => this.mask(line)),
    );
  }

  mask(line: string): string {
    return maskSecret(line, this.#texts);
  }
}

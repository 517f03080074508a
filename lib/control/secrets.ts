/** Holds texts that were sent over a control connection and must stay hidden, even if the server echoes them. */
import { maskSecret } from '../protocol/command.js';
import { createReply, type Reply } from '../protocol/reply.js';

export class Secrets {
  #texts: readonly string[] = [];

  add(secrets: readonly string[]): void {
    this.#texts = [...new Set([...this.#texts, ...secrets])];
  }

  /** Whether `reply` echoes one of them. */
  areIn(reply: Reply): boolean {
    const texts = this.#texts;
    for (let index = 0; index < texts.length; index += 1) if (reply.text.includes(texts[index] as string)) return true;
    return false;
  }

  /** Masks echoes of secrets, which servers put into any text. */
  conceal(reply: Reply): Reply {
    return createReply(
      reply.code,
      reply.lines.map((line) => this.mask(line)),
    );
  }

  mask(line: string): string {
    return maskSecret(line, this.#texts);
  }
}

/**
 * Counts replies and lines that answer no command. If a server sends too many of them between two answers, the client closes the
 * connection.
 */
import { FtpProtocolError } from '../errors.js';
import { printable } from '../protocol/printable.js';
import { formatReply, type Reply } from '../protocol/reply.js';

/** A reply that answers nothing, or a line that is no reply. */
export type Skipped = { readonly reply: Reply } | { readonly line: string };

const MOST = 100;
const MOST_BYTES = 64 * 1024;

export class SkippedReplies {
  readonly #onSkipped: (skipped: Skipped) => void;
  /** The number since the last answer. Written here alone. */
  count = 0;
  #bytes = 0;

  constructor(onSkipped: (skipped: Skipped) => void) {
    this.#onSkipped = onSkipped;
  }

  /** Counts and tells it; returns the error when it was one too many. */
  add(skipped: Skipped): FtpProtocolError | undefined {
    const reply = 'reply' in skipped ? skipped.reply : undefined;
    this.count += 1;
    this.#bytes += 'reply' in skipped ? skipped.reply.text.length : skipped.line.length;
    this.#onSkipped(skipped);
    if (this.count <= MOST && this.#bytes <= MOST_BYTES) return undefined;
    const last = 'reply' in skipped ? formatReply(skipped.reply) : printable(skipped.line, 80);
    return new FtpProtocolError(
      `The server sent too many replies that answer no command (${this.count} replies and lines, the last "${last}"); the connection was closed.`,
      { reply },
    );
  }

  /** An answer has come: the count begins again. */
  answered(): void {
    this.count = 0;
    this.#bytes = 0;
  }
}

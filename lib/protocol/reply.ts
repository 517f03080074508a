/**
 * Defines one reply of the server: a three-digit code and its text (RFC 959 section 4.2).
 *
 * The `ReplyDecoder` alone makes replies, and they never change. The first digit is the class, and counts more than the others. 1 is
 * preliminary, 2 completion, 3 intermediate, 4 refused for now, 5 refused for good.
 */
import type { ReplyEvidence } from '../errors.js';
import { printable } from './printable.js';

/** The first digit of a reply code. */
export type ReplyClass = 1 | 2 | 3 | 4 | 5;

/** A whole reply, of one line or of many. */
export interface Reply extends ReplyEvidence {
  /** 100 to 599. */
  readonly code: number;
  /**
   * The text of each line. The first and the last line come without the code and the one character after it. A line
   * between them comes as it was sent, less a leading `NNN-` of the reply's own code where the server put one (RFC 959
   * asks for none there, most servers send it); leading spaces are kept.
   */
  readonly lines: readonly string[];
  /** The lines joined by a line feed. */
  readonly text: string;
  /** The first digit of the code. */
  readonly class: ReplyClass;
}

/**
 * Makes a reply from its parts.
 *
 * @param code 100 to 599; the caller has checked it.
 * @param lines at least one; they are the reply's own from now on, and frozen.
 */
export function createReply(code: number, lines: readonly string[]): Reply {
  Object.freeze(lines);
  return Object.freeze({ code, lines, text: lines.join('\n'), class: Math.trunc(code / 100) as ReplyClass });
}

/** Whether the server says that it does not know the command: 500 and 502 (RFC 959 section 4.2.1). */
export function isUnknownCommand({ code }: Reply): boolean {
  return code === 500 || code === 502;
}

/** The part of a long reply that a message shows. */
const SHOWN_LINES = 8;

/**
 * A reply on one line, fit for an error message: lines joined by ` / `, control characters and bidirectional overrides
 * escaped, the length bounded.
 */
export function formatReply(reply: ReplyEvidence): string {
  const more = reply.lines.length > SHOWN_LINES ? ' / ...' : '';
  const shown = reply.lines.slice(0, SHOWN_LINES).join(' / ') + more;
  return printable(shown === '' ? `${reply.code}` : `${reply.code} ${shown}`);
}

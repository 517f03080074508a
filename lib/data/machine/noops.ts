/**
 * Tracks the replies to a transfer's keep-alive NOOPs. Servers send them at once, after the transfer, or never. So it counts the unanswered
 * NOOPs, and tells a reply from the transfer's by its code.
 */
import type { Reply } from '../../protocol/reply.js';

/** The number of NOOPs that were sent, and the number that were answered. */
export interface NoopCount {
  readonly noopsSent: number;
  readonly noopsAnswered: number;
}

/** 200 and 202 say done. 500 to 503 come from servers that take no such command while they transfer. */
const CODES: ReadonlySet<number> = new Set([200, 202, 500, 501, 502, 503]);

/** The reply has a code of NOOP's, by which servers do not end a transfer as a rule. */
export function mayAnswerNoop({ code }: Reply): boolean {
  return CODES.has(code);
}

export function unanswered({ noopsSent, noopsAnswered }: NoopCount): number {
  return noopsSent - noopsAnswered;
}

/** The replies that are left when each unanswered NOOP has got one, if there is one for it. */
export function besidesNoops(replies: readonly Reply[], count: NoopCount): readonly Reply[] {
  let left = unanswered(count);
  return left === 0 ? replies : replies.filter((reply) => !mayAnswerNoop(reply) || left-- <= 0);
}

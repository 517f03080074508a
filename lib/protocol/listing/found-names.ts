/** Decides whether the lines that no dialect has read are names, alone or within a reply to STAT. */
import { type PathSign, signOfNames } from './names.js';
import type { StatReply } from './stat-reply.js';
import type { UnreadRows } from './unread-rows.js';

export interface FoundNames {
  readonly lines: readonly string[];
  readonly sign: PathSign;
}

/** The names, if the lines are nothing else: those of a reply to STAT included, or those within one. */
export function foundNames(unread: UnreadRows, reply: StatReply): FoundNames | undefined {
  const sign = signOfNames(reply.around(unread.rows));
  if (sign !== undefined) return { lines: reply.around(unread.lines), sign };
  if (!reply.isWhole) return undefined;
  const within = (lines: readonly string[]) => lines.map((line) => reply.rowOf(line));
  const signWithin = signOfNames(within(unread.rows));
  return signWithin && { lines: within(unread.lines), sign: signWithin };
}

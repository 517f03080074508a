/**
 * The rule as one function: what an operation gives, or errors with, for the replies that the server sent to its command.
 *
 * A usual reply is the answer. An odd one is held, and the client finds out how many replies follow it: none, and it was
 * the answer; one usual reply, and that is; otherwise the outcome is unknown. In a window of several commands no client can find that out,
 * so an odd reply there closes the connection.
 */
import { codeOf, type Fault } from './faults.js';
import type { Row } from './row.js';

export type Verdict =
  | { readonly is: 'value'; readonly value: unknown }
  /** FtpReplyError; of a transfer that had begun, FtpTransferError as well. */
  | { readonly is: 'refused'; readonly code: number }
  /** FtpProtocolError with the outcome `unknown`. */
  | { readonly is: 'unknown' }
  /** FtpTransferError: the data has ended, and no final reply says that it is whole. */
  | { readonly is: 'not whole' }
  /** FtpProtocolError that names this reply; the connection is closed. */
  | { readonly is: 'closed'; readonly code: number };

export interface Expected {
  readonly operation: Verdict;
  /** The results of the operations in the same window: they give their own values, or the connection is closed. */
  readonly others: 'right' | (Verdict & { is: 'closed' });
}

/** `window`: other commands were unanswered at the first reply. */
export function expected(row: Row, fault: Fault, window: boolean): Expected {
  const coded = ({ now, next = [] }: Fault): string[] => [...now, ...next].filter((line) => codeOf(line) !== undefined);
  if (!window) return { operation: verdictOf(row, coded(fault)), others: 'right' };
  // Bytes from before the command was read came after it was written.
  const answers = [...(fault.early ?? []), ...coded(fault)];
  const [first = '', surplus] = answers;
  const closed = (line: string): Verdict & { is: 'closed' } => ({ is: 'closed', code: codeOf(line) ?? 0 });
  // The reply before the command falls to the first command of its pair.
  const [stray] = row.pair === 'second' ? (fault.early ?? []) : [];
  if (stray !== undefined) return { operation: closed(stray), others: closed(stray) };
  if (!isUsual(row, first)) return { operation: closed(first), others: closed(first) };
  if (surplus === undefined) return { operation: answer(row, first), others: 'right' };
  // The surplus reply falls to the second command of the pair.
  return { operation: row.pair === 'first' ? closed(surplus) : answer(row, first), others: closed(surplus) };
}

/** For the replies to a command that was alone. */
export function verdictOf(row: Row, answers: readonly string[]): Verdict {
  const { stage = 'reply' } = row;
  const [first = '', ...between] = row.codes === 'any' ? answers.filter((line) => classOf(line) !== 1) : answers;
  if (stage === 'port') return answer(row, '');
  if (stage === 'first' || stage === 'begin') return classOf(first) >= 4 ? refused(first) : answer(row, first);
  if (stage === 'final' && classOf(first) === 1) return { is: 'not whole' };
  if (isUsual(row, first)) return answer(row, first);
  if (between.length === 0) return lateAnswer(row, first);
  const [only = ''] = between;
  return between.length === 1 && isUsual(row, only) ? answer(row, only) : { is: 'unknown' };
}

/** The odd reply was the answer after all. */
function lateAnswer(row: Row, held: string): Verdict {
  if (classOf(held) === 1) return { is: 'unknown' };
  return classOf(held) === 2 && bringsValue(row, held) ? answer(row, held) : refusedBy(row, held);
}

function answer(row: Row, line: string): Verdict {
  return classOf(line) >= 4 ? refusedBy(row, line) : { is: 'value', value: row.value(line) };
}

function refusedBy(row: Row, line: string): Verdict {
  return row.raw === true ? { is: 'value', value: line } : refused(line);
}

const refused = (line: string): Verdict => ({ is: 'refused', code: codeOf(line) ?? 0 });

function isUsual(row: Row, line: string): boolean {
  const known = row.codes === 'any' || row.codes.includes(codeOf(line) ?? 0);
  return classOf(line) >= 4 || (known && bringsValue(row, line));
}

const bringsValue = ({ form }: Row, line: string): boolean => form?.test(line.slice(4)) ?? true;

const classOf = (line: string): number => Math.trunc((codeOf(line) ?? 0) / 100);

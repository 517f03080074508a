/** Compares the result of an operation with the rule. */
import { FtpProtocolError, FtpReplyError, FtpTransferError } from '../../../lib/index.js';
import type { Verdict } from './judge.js';

/** The result of an operation. */
export type Outcome = { readonly value: unknown } | { readonly error: unknown };

export const outcomeOf = (running: Promise<unknown>): Promise<Outcome> =>
  running.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );

/** Nothing, or what is not as it should be. */
export function compare(name: string, outcome: Outcome, verdict: Verdict): string[] {
  return fits(outcome, verdict) ? [] : [`${name} gave ${shown(outcome)}, not ${JSON.stringify(verdict)}`];
}

function fits(outcome: Outcome, verdict: Verdict): boolean {
  if ('value' in outcome) return verdict.is === 'value' && same(outcome.value, verdict.value);
  const { error } = outcome;
  switch (verdict.is) {
    case 'value':
      return false;
    case 'refused':
      return (
        (error instanceof FtpReplyError || error instanceof FtpTransferError) && error.reply?.code === verdict.code
      );
    case 'unknown':
      return error instanceof FtpProtocolError && 'outcome' in error && error.outcome === 'unknown';
    case 'not whole':
      return error instanceof FtpTransferError;
    case 'closed':
      return error instanceof FtpProtocolError && error.reply?.code === verdict.code;
  }
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

const shown = (outcome: Outcome): string =>
  'value' in outcome ? JSON.stringify(outcome.value) : String(outcome.error);

/** Holds a run against its rule and against what must be so in every run. Nothing is wrong where the list is empty. */
import {
  FtpConnectionError,
  FtpError,
  FtpProtocolError,
  FtpReplyError,
  FtpSecurityError,
  FtpTimeoutError,
  FtpTransferError,
} from '../../../lib/index.js';
import { type Rule, ruleFor, type Tag } from './expectations.js';
import type { Place } from './place.js';
import type { Played, Probe } from './run.js';

export interface Verdict {
  readonly tag: Tag | 'other';
  readonly wrong: readonly string[];
}

const classes: readonly [abstract new (...args: never[]) => FtpError, Tag][] = [
  [FtpConnectionError, 'connection'],
  [FtpTimeoutError, 'timeout'],
  [FtpProtocolError, 'protocol'],
  [FtpSecurityError, 'security'],
  [FtpTransferError, 'transfer'],
  [FtpReplyError, 'reply'],
];

export function judge(place: Place, played: Played, golden: Played, untouched: string): Verdict {
  const rule = ruleFor(place);
  const tag = tagOf(played, golden);
  const wrong = [...played.faults];
  if (!played.struck) wrong.push('the fault did not strike');
  if (tag === 'other' || !rule.outcomes.includes(tag)) {
    wrong.push(`came to ${shown(played)}, not to ${rule.outcomes.join(' or ')}: ${rule.because}`);
  }
  wrong.push(...effects(place, played, golden, untouched, tag), ...temper(played), ...afterwards(place, played, rule));
  return { tag, wrong };
}

function tagOf({ outcome }: Played, golden: Played): Tag | 'other' {
  if ('left' in outcome) return 'left';
  if ('error' in outcome) return classes.find(([type]) => outcome.error instanceof type)?.[1] ?? 'other';
  return same(outcome, golden.outcome) ? 'value' : 'untold';
}

/** The server's files fit the outcome. */
function effects(
  { operation }: Place,
  played: Played,
  golden: Played,
  untouched: string,
  tag: Verdict['tag'],
): string[] {
  if (operation.group === 'abort') return [];
  if (operation.reads) return played.tree === untouched ? [] : ['a reading operation has changed the tree'];
  if (tag === 'value') return played.tree === golden.tree ? [] : ['done, it says, but the tree is not as it should be'];
  const nothing = 'error' in played.outcome && (played.outcome.error as FtpError).outcome === 'none';
  return nothing && played.tree !== untouched ? ['nothing was done, it says, but the tree has changed'] : [];
}

/** Whether another try is worth it, as the class of the error says. */
function temper({ outcome }: Played): string[] {
  if (!('error' in outcome) || !(outcome.error instanceof FtpError)) return [];
  const { error } = outcome;
  const lost = error instanceof FtpConnectionError || error instanceof FtpTimeoutError;
  const fits =
    !(lost && !error.transient) && !(error instanceof FtpReplyError && error.transient !== (error.reply.class === 4));
  return fits ? [] : [`${error.name} says transient: ${error.transient}`];
}

/** The next operations give their own values; a session that cannot says that it is closed. */
function afterwards({ seat, operation }: Place, played: Played, rule: Rule): string[] {
  const failed = played.probes.filter(({ right }) => !right);
  const wrong: string[] = [];
  if (rule.costs !== true && (played.sessions > 1 || failed.length > 0)) wrong.push('the session was given up');
  if (failed.length === 0) return wrong;
  const isHonest = rule.costs === true && played.closed && failed.every(saysClosed);
  if (seat === 'client' ? !isLate(played, operation) : !isHonest)
    wrong.push(...failed.map(({ name, outcome }) => `${name} after it: ${text(outcome)}`));
  return wrong;
}

/** The operation that has waited for a connection that is lost while it is brought into step is told so; it was not sent. */
function isLate({ probes }: Played, { group }: Place['operation']): boolean {
  const [first, ...rest] = probes;
  return group === 'abort' && first !== undefined && saysClosed(first) && rest.every(({ right }) => right);
}

function saysClosed({ outcome }: Probe): boolean {
  return 'error' in outcome && outcome.error instanceof FtpError && !(outcome.error instanceof FtpReplyError);
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
const text = (outcome: Played['outcome']): string =>
  'error' in outcome ? String(outcome.error) : JSON.stringify(outcome).slice(0, 120);
const shown = ({ outcome }: Played): string => text(outcome);

/** Lists the commands that set the time of a file, in the order of their trial. */
import type { Sendable } from '../../control/encode-line.js';
import type { Optional } from '../../control/learned.js';
import type { Session } from '../../control/session.js';
import { checked, type OperationContext } from './operation.js';

/** The name of such a command in events. */
export type TimeWayName = Extract<
  Optional,
  'MFMT' | 'MDTM with a time' | 'SITE UTIME path time' | 'SITE UTIME time path'
>;

/** The command for one file and one time. Its line is made when it is first asked for: most servers need one way of four. */
export class TimeWay {
  readonly name: TimeWayName;
  readonly #context: OperationContext;
  readonly #verb: string;
  readonly #args: string[];
  #line: Sendable | undefined;

  constructor(context: OperationContext, name: TimeWayName, verb: string, ...args: string[]) {
    this.name = name;
    this.#context = context;
    this.#verb = verb;
    this.#args = args;
  }

  /** Throws FtpUsageError for a path that cannot be sent. */
  get line(): Sendable {
    this.#line ??= checked(this.#context, this.#verb, ...this.#args);
    return this.#line;
  }

  /** The number of characters in the line. */
  get length(): number {
    return this.#args.reduce((sum, word) => sum + 1 + word.length, this.#verb.length);
  }
}

/** A server that cuts SITE into words joins them by one blank again: another name (ProFTPD). */
const KEEPS_ITS_BLANKS = /^\S+(?: \S+)*$/;

/** Every way, MFMT first. `time` is `YYYYMMDDHHMMSS`. */
export function everyTimeWay(context: OperationContext, time: string, path: string): readonly TimeWay[] {
  const ways = [
    new TimeWay(context, 'MFMT', 'MFMT', time, path),
    new TimeWay(context, 'MDTM with a time', 'MDTM', time, path),
  ];
  if (!KEEPS_ITS_BLANKS.test(path)) return ways;
  return [
    ...ways,
    // Access, change, and creation, which Unix does not keep: all of them the same, since their order differs.
    new TimeWay(context, 'SITE UTIME path time', 'SITE', 'UTIME', path, time, time, time, 'UTC'),
    new TimeWay(context, 'SITE UTIME time path', 'SITE', 'UTIME', time, path),
  ];
}

/** The commands to try on this server. It is the one that has worked, or those that FEAT names and then the others. */
export function waysFor({ profile, learned, features }: Session, every: readonly TimeWay[]): readonly TimeWay[] {
  const proven = every.filter(({ name }) => learned.isProven(name));
  if (proven.length > 0) return proven;
  if (profile.setsTimeByMdtm === true) return every.filter(({ name }) => name === 'MDTM with a time');
  const ways = every.filter(({ name }) => !learned.lacks(name));
  const named = ways.filter((way) => isNamed({ features }, way));
  return [...named, ...ways.filter((way) => !named.includes(way))];
}

/** Whether FEAT names it: as `MFMT`, `MDTM YYYYMMDDHHMMSS[+-TZ];filename` (Serv-U), or `SITE UTIME` (ProFTPD). */
export function isNamed({ features }: Pick<Session, 'features'>, { name }: TimeWay): boolean {
  if (name === 'MFMT') return features.has('MFMT');
  if (name === 'MDTM with a time') return /YYYYMMDD/i.test(features.parameters('MDTM') ?? '');
  return /(^|;)UTIME(;|$)/i.test(features.parameters('SITE') ?? '');
}

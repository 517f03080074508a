/**
 * Operations that are parts of one larger work, such as a mirror. The client keeps no session free for them, as it does for a user's
 * commands. That session would be one less for the transfers of the same work.
 *
 * Larger work may have to undo what it has done, if it fails or is left. A client that drains waits for the end of such work. It refuses
 * the work's other operations, as those of users.
 */
import type { Observable } from 'rxjs';
import { bindGate, Flow } from '../streams/flow.js';
import type { FtpOperations } from './ftp-operations.js';

/** A client has this for larger work. Two copies of the package agree on it. */
const FOR_PARTS: unique symbol = /* @__PURE__ */ Symbol.for('rxftp.forParts');

/** The means and facts that a client gives to larger work. */
interface ForParts {
  /** Subscribes to a part; missing if parts need no care. */
  readonly subscribe?: <T>(subscribe: () => T) => T;
  readonly maxSessions: number;
  /** Lets a drain wait until the returned function is called. */
  readonly hold?: () => () => void;
  /** Subscribes to an operation that undoes something: a client that drains admits it. */
  readonly undo?: <T>(subscribe: () => T) => T;
}

interface WithParts {
  readonly [FOR_PARTS]?: ForParts;
}

/**
 * From now on `client` takes parts. This is no method of the class: a bundler keeps a class with a computed member, and all that
 * it needs.
 */
export function takeParts(client: object, forParts: ForParts): void {
  Object.defineProperty(client, FOR_PARTS, { value: forParts });
}

/** The number of sessions that `ftp` may have; `Infinity` if that is not known. */
export function sessionLimit(ftp: object): number {
  return (ftp as WithParts)[FOR_PARTS]?.maxSessions ?? Number.POSITIVE_INFINITY;
}

const SHORT = [
  'entries$',
  'list$',
  'lookup$',
  'size$',
  'mdtm$',
  'mkd$',
  'rmd$',
  'dele$',
  'rename$',
  'mfmt$',
  'chmod$',
] as const;

/** The operations that are no transfers of files. */
export type ShortOperations = Pick<FtpOperations, (typeof SHORT)[number]>;

/** The short operations of `ftp`, as parts of larger work. A session or a fake knows no parts, and its operations stay as they are. */
export function partsOf(ftp: ShortOperations): ShortOperations {
  const subscribePart = (ftp as WithParts)[FOR_PARTS]?.subscribe;
  return subscribePart === undefined ? ftp : subscribedBy(subscribePart, ftp);
}

/** The short operations of `ftp`, which undo what larger work has done: a client that drains admits them. */
export function undoing<F extends Partial<ShortOperations>>(ftp: F): Pick<F, keyof F & keyof ShortOperations> {
  const undo = (ftp as WithParts)[FOR_PARTS]?.undo;
  return undo === undefined ? ftp : subscribedBy(undo, ftp);
}

/** Lets a drain of the client `ftp` wait until the returned function is called. */
export function holdDrain(ftp: object): () => void {
  return (ftp as WithParts)[FOR_PARTS]?.hold?.() ?? (() => {});
}

/** `operations`, which are those of the client `ftp`: they take parts as it does. */
export function sharingParts<O extends object>(ftp: object, operations: O): O {
  const forParts = (ftp as WithParts)[FOR_PARTS];
  if (forParts !== undefined) takeParts(operations, forParts);
  return operations;
}

type Subscribe = <T>(subscribe: () => T) => T;

function subscribedBy<F extends Partial<ShortOperations>>(
  subscribe: Subscribe,
  ftp: F,
): Pick<F, keyof F & keyof ShortOperations> {
  const operations = SHORT.filter((name) => ftp[name] !== undefined).map((name) => {
    const operation = (ftp[name] as (...args: unknown[]) => Observable<unknown>).bind(ftp);
    const subscribed = (...args: unknown[]): Flow<unknown> => {
      const operation$ = operation(...args);
      return new Flow((subscriber, gate) => subscribe(() => bindGate(operation$, gate).subscribe(subscriber)));
    };
    return [name, subscribed] as const;
  });
  return sharingParts(ftp, Object.fromEntries(operations)) as unknown as Pick<F, keyof F & keyof ShortOperations>;
}

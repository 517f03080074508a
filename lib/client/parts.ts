/**
 * Operations that are parts of one larger work, such as a mirror. The client keeps no session free for them, as it does for a user's
 * commands. That session would be one less for the transfers of the same work.
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
  if (subscribePart === undefined) return ftp;
  const parts = SHORT.map((name) => {
    const operation = ftp[name].bind(ftp) as (...args: unknown[]) => Observable<unknown>;
    const part = (...args: unknown[]): Flow<unknown> => {
      const operation$ = operation(...args);
      return new Flow((subscriber, gate) => subscribePart(() => bindGate(operation$, gate).subscribe(subscriber)));
    };
    return [name, part] as const;
  });
  return Object.fromEntries(parts) as unknown as ShortOperations;
}

/**
 * Operations that are parts of one larger work, such as a mirror. The client keeps no session free for them, as it does for a user's
 * commands. That session would be one less for the transfers of the same work.
 */
import type { Observable } from 'rxjs';
import { bindGate, Flow } from '../streams/flow.js';
import type { FtpOperations } from './ftp-operations.js';

/** A client subscribes by this to the parts of larger work. Two copies of the package agree on it. */
const SUBSCRIBE_PART: unique symbol = /* @__PURE__ */ Symbol.for('rxftp.subscribePart');

type SubscribePart = <T>(subscribe: () => T) => T;

interface WithParts {
  [SUBSCRIBE_PART]?: SubscribePart;
}

/**
 * From now on `client` subscribes parts by `subscribePart`. It is no method of the class: a bundler keeps a class with a computed
 * member, and all that it needs.
 */
export function takeParts(client: object, subscribePart: SubscribePart): void {
  Object.defineProperty(client, SUBSCRIBE_PART, { value: subscribePart });
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
  const subscribePart = (ftp as WithParts)[SUBSCRIBE_PART]?.bind(ftp);
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

/** Checks the options of `fxp$` before it sends anything. */
import { FtpUsageError } from '../errors.js';
import { isIP } from '../net/address.js';
import { requireCount } from '../protocol/check-number.js';
import { requireKnownOptions } from '../protocol/option-names.js';
import { checkFlag } from './exists.js';

export interface FxpOptions {
  /**
   * Which server listens, by PASV. The other one connects to it, by PORT. Default `'target'`: the source has then accepted RETR before STOR
   * empties the target's file. With `'source'`, STOR comes first.
   */
  readonly passive?: 'target' | 'source' | undefined;
  /**
   * The address of the listening server, as the other one gets it. Default: the address of its control connection, as this client sees it.
   * It has to be an IP address that the other server can reach.
   */
  readonly listenAddress?: string | undefined;
  /**
   * Use the host that the reply to PASV names, in place of the control connection's address. A server could name any host of the other
   * server's network. Default: the listening client's own option `trustPasvHost`.
   */
  readonly trustPasvHost?: boolean | undefined;
  /**
   * The proof of the target's file. `'size'`: both servers must tell its size; `'hash'`: both must tell its checksum; `false`: no proof.
   * Default: by size, if both tell it.
   */
  readonly verify?: 'size' | 'hash' | false | undefined;
  /**
   * The longest wait for a session of the second client, after one of the first: milliseconds. Default 60,000. The two clients may be one,
   * which then needs two sessions.
   */
  readonly sessionTimeoutMs?: number | undefined;
  /**
   * How long the copy may take, from when both sessions are granted until both servers have called it complete: milliseconds. Then it
   * is aborted at both, and errors with `FtpTimeoutError`. Default 0: no limit. No byte is seen here, so a copy that stands
   * still is not told from one that moves.
   */
  readonly deadlineMs?: number | undefined;
  /** Aborts the copy, which errors with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

const NAMES: Readonly<Record<keyof FxpOptions, true>> = {
  passive: true,
  listenAddress: true,
  trustPasvHost: true,
  verify: true,
  sessionTimeoutMs: true,
  deadlineMs: true,
  signal: true,
};

const CHOICES = { passive: ['target', 'source'], verify: ['size', 'hash', false] } as const;

/** Throws FtpUsageError for options that `fxp$` cannot have. */
export function checkFxpOptions(options: FxpOptions): void {
  requireKnownOptions(options, NAMES);
  for (const name of ['passive', 'verify'] as const) {
    const value = options[name];
    const choices: readonly unknown[] = CHOICES[name];
    if (value === undefined || choices.includes(value)) continue;
    const named = choices.map((choice) => JSON.stringify(choice)).join(', ');
    throw new FtpUsageError(`The option ${name} must be one of ${named}, not ${JSON.stringify(value)}.`);
  }
  checkFlag('trustPasvHost', options.trustPasvHost);
  const { listenAddress, sessionTimeoutMs, deadlineMs } = options;
  if (deadlineMs !== undefined) requireCount('The option deadlineMs', deadlineMs);
  if (listenAddress !== undefined && !isAddress(listenAddress)) {
    throw new FtpUsageError('The option listenAddress must be an IP address.');
  }
  const isTime = sessionTimeoutMs === undefined || (Number.isSafeInteger(sessionTimeoutMs) && sessionTimeoutMs > 0);
  if (!isTime) throw new FtpUsageError('The option sessionTimeoutMs must be a whole number above 0.');
}

function isAddress(text: unknown): boolean {
  return typeof text === 'string' && isIP(text) !== 0;
}

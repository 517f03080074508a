/** `hash$` emits the checksum of a file as the server tells it. */
import type { Observable } from 'rxjs';
import { accepted } from '../../control/request.js';
import type { Session } from '../../control/session.js';
import { FtpUnsupportedError, FtpUsageError } from '../../errors.js';
import { requireCount } from '../../protocol/check-number.js';
import { HASH_ALGORITHMS, type HashAlgorithm, type HashName, hashAlgorithm } from '../../protocol/hash-algorithms.js';
import { requireKnownOptions } from '../../protocol/option-names.js';
import { printable } from '../../protocol/printable.js';
import { parseSize } from '../../protocol/size.js';
import { untilAborted } from '../../streams/abort-signal.js';
import { HASH_ALIASES } from '../option-aliases.js';
import { askHash, requireWays } from './ask-hash.js';
import { askSize } from './ask-size.js';
import type { ByteRange } from './hash-answer.js';
import { checked, type OperationContext, repeatable, task$ } from './operation.js';
import type { OperationOptions } from './operation-options.js';

export interface HashOptions extends OperationOptions {
  /** Default: the strongest algorithm of the server. Case and hyphens do not matter: `sha256` is `SHA-256`. */
  readonly algorithm?: HashName | (string & {}) | undefined;
  /** Offset of the first byte. Default 0. */
  readonly start?: number | undefined;
  /** Offset after the last byte. Default: the end of the file, for which the client sends SIZE if `start` is above 0. */
  readonly end?: number | undefined;
}

/** The checksum of a file, or of a part of it. */
export interface FileHash {
  readonly algorithm: HashName;
  /** In lower-case hexadecimal. */
  readonly value: string;
  /** Offset of the first byte; absent for the whole file. */
  readonly start?: number;
  /** Offset after the last byte; absent for the whole file. */
  readonly end?: number;
}

const NAMES: Readonly<Record<keyof HashOptions, true>> = { algorithm: true, start: true, end: true, signal: true };

export function hash$(context: OperationContext, path: string, options: HashOptions): Observable<FileHash> {
  const hash$ = task$<FileHash>(context, () => {
    checkHashOptions(options);
    const line = checked(context, 'HASH', path);
    const algorithm = options.algorithm === undefined ? undefined : requireAlgorithm(options.algorithm);
    return {
      kind: 'exclusive',
      ...repeatable(line),
      async work(session, emit, signal) {
        await session.settled;
        requireWays(session, { algorithm, range: isWhole(options) ? undefined : { start: 0, end: 1 } });
        const range = await rangeOf(session, path, options);
        if (signal.aborted) return;
        const found = await askHash(session, { path, range, algorithm }, signal);
        if (found !== undefined) emit({ ...found, ...range });
      },
    };
  });
  // JavaScript may give null, which is refused at subscription.
  return untilAborted(hash$, options?.signal);
}

function checkHashOptions(options: HashOptions): void {
  requireKnownOptions(options, NAMES, HASH_ALIASES);
  const { start, end } = options;
  for (const [name, value] of Object.entries({ start, end })) {
    if (value !== undefined) requireCount(`The option ${name}`, value);
  }
  if (end !== undefined && end <= (start ?? 0)) {
    throw new FtpUsageError('The option end must be above start: it is exclusive.');
  }
}

function requireAlgorithm(name: unknown): HashAlgorithm {
  const algorithm = typeof name === 'string' ? hashAlgorithm(name) : undefined;
  if (algorithm !== undefined) return algorithm;
  const known = HASH_ALGORITHMS.map((each) => `'${each.name}'`).join(', ');
  const given = typeof name === 'string' ? `'${printable(name, 40)}'` : `a value of type ${typeof name}`;
  throw new FtpUsageError(`The option algorithm must be one of ${known}, not ${given}.`);
}

function isWhole({ start = 0, end }: HashOptions): boolean {
  return start === 0 && end === undefined;
}

async function rangeOf(session: Session, path: string, options: HashOptions): Promise<ByteRange | undefined> {
  if (isWhole(options)) return undefined;
  const { start = 0, end } = options;
  if (end !== undefined) return { start, end };
  const sized = await askSize(session, path);
  if (sized === undefined) {
    throw new FtpUnsupportedError(`The option start (${start}) needs the option end: the server does not know SIZE.`);
  }
  const size = parseSize(accepted(sized, `SIZE ${path}`).text);
  if (start < size) return { start, end: size };
  throw new FtpUsageError(`The option start (${start}) is not within ${printable(path)}, which has ${size} bytes.`);
}

/** Defines the error of work on a tree of which a part has failed, with the errors of its parts. */
import { FtpError, type FtpErrorDetails } from '../../errors.js';
import { printable } from '../../protocol/printable.js';
import { asError } from '../../streams/as-error.js';

/** An error of one directory or file of a tree: the error of its operation, with its `path`. */
export type TreePathError = Error & {
  /** Below the root; `''` is the root. */
  readonly path: string;
};

/** The number of errors that are kept. */
const KEPT = 1000;

/** A part of a tree has failed; the work on the rest is done. */
export class FtpTreeError extends FtpError {
  /** @internal */
  static override readonly kind: string = 'FtpTreeError';
  readonly code = 'ERR_FTP_TREE';
  /** One for each failed directory or file, each with its `path`: the first 1000. */
  readonly errors: readonly TreePathError[];
  /** The number of all failures. */
  readonly count: number;

  constructor(
    message: string,
    details: FtpErrorDetails & { readonly errors: readonly TreePathError[]; readonly count?: number | undefined },
  ) {
    super(message, { ...details, transient: details.errors.every(isTransient) });
    this.errors = details.errors;
    this.count = details.count ?? details.errors.length;
  }
}

function isTransient(error: Error): boolean {
  return error instanceof FtpError && error.transient;
}

/** Collects the errors of the parts of a tree. */
export class TreeErrors {
  readonly #errors: TreePathError[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(path: string, error: unknown): void {
    this.#count += 1;
    if (this.#errors.length < KEPT) this.#errors.push(withPath(error, path));
  }

  /** The error of the whole; undefined if no part has failed. */
  whole(): FtpTreeError | undefined {
    const [first] = this.#errors;
    if (first === undefined) return undefined;
    const many = this.#count === 1 ? 'A part' : `${this.#count} parts`;
    const where = first.path === '' ? 'the root' : `"${printable(first.path)}"`;
    return new FtpTreeError(`${many} of the tree failed, the first at ${where}: ${first.message}`, {
      errors: this.#errors,
      count: this.#count,
      cause: first,
    });
  }
}

/** The same error with a path: another object, since `error` may be that of other operations too. */
export function withPath(thrown: unknown, path: string): TreePathError {
  const error = asError(thrown);
  const named =
    error instanceof FtpError ? copyOf(error) : Object.assign(new Error(error.message, { cause: error }), error);
  return Object.defineProperty(named, 'path', { value: path, enumerable: true }) as TreePathError;
}

function copyOf(error: FtpError): FtpError {
  const made = error.constructor as new (message: string, details: FtpErrorDetails) => FtpError;
  return new made(error.message, { ...error, cause: error.cause ?? error });
}

/** Proves the result of a copy between two servers, since the client has seen none of its bytes. */
import { firstValueFrom } from 'rxjs';
import type { FtpOperations } from '../client/ftp-operations.js';
import { FtpReplyError, FtpTransferError, FtpUnsupportedError } from '../errors.js';
import type { VerifiedBy } from '../protocol/hash-algorithms.js';
import { askIfTold } from './ask.js';
import { type AskHash, commonHash } from './common-hash.js';
import type { FxpOptions } from './fxp-options.js';

/** The operations of a client or a session that `fxp$` needs. */
export type FxpFtp = Pick<FtpOperations, 'sequence$' | 'size$'> & Partial<Pick<FtpOperations, 'hash$'>>;

export interface Copy {
  readonly source: FxpFtp;
  readonly from: string;
  readonly target: FxpFtp;
  readonly to: string;
  readonly options: FxpOptions;
}

const NO_SUCH_FILE = 550;

/** The size of the source; undefined if its server has no SIZE. A file that is not there is an error before anything is done. */
export async function sizeOfSource({ source, from, options }: Copy, signal: AbortSignal): Promise<number | undefined> {
  try {
    return await firstValueFrom(source.size$(from, { signal }));
  } catch (error) {
    const isUntold = error instanceof FtpReplyError && !error.transient && error.reply.code !== NO_SUCH_FILE;
    if (!isUntold) throw error;
    if (options.verify !== 'size') return undefined;
    throw untold('source', 'none', error);
  }
}

/** The number of bytes that were copied, as far as a server tells, and their proof. */
export interface Proof {
  readonly bytes: number | undefined;
  readonly verifiedBy: VerifiedBy | undefined;
}

/** Throws FtpTransferError if the two files differ. */
export async function prove(copy: Copy, size: number | undefined, signal: AbortSignal): Promise<Proof> {
  const { target, to, options } = copy;
  const { verify } = options;
  if (verify === false) return { bytes: size, verifiedBy: undefined };
  if (verify === 'hash') return { bytes: size, verifiedBy: await proveByHash(copy, size ?? 0, signal) };
  const stored = await askIfTold<number, 'size$'>(target, 'size$', { path: to, signal, option: 'verify' });
  if (stored === undefined && verify === 'size') throw untold('target', 'unknown');
  if (stored === undefined || size === undefined) return { bytes: size ?? stored, verifiedBy: undefined };
  if (stored === size) return { bytes: size, verifiedBy: 'size' };
  throw differs(copy, `the target has ${stored} bytes, the source ${size}`, stored);
}

async function proveByHash(copy: Copy, bytes: number, signal: AbortSignal): Promise<VerifiedBy> {
  const { source, from, target, to } = copy;
  if (!hasHash(source) || !hasHash(target)) {
    throw new FtpUnsupportedError("The option verify: 'hash' needs two clients that have hash$.", {
      outcome: 'unknown',
    });
  }
  const ask =
    (ftp: HashingFtp, path: string): AskHash =>
    (algorithm) =>
      firstValueFrom(ftp.hash$(path, algorithm === undefined ? { signal } : { algorithm, signal }));
  const { algorithm, isSame, one, other } = await commonHash(ask(source, from), ask(target, to));
  if (isSame) return algorithm;
  throw differs(copy, `the ${algorithm} of the target is ${other}, that of the source ${one}`, bytes);
}

type HashingFtp = Pick<FtpOperations, 'hash$'>;

function hasHash(ftp: FxpFtp): ftp is FxpFtp & HashingFtp {
  return ftp.hash$ !== undefined;
}

function differs({ to }: Copy, why: string, bytes: number): FtpTransferError {
  const command = `STOR ${to}`;
  return new FtpTransferError(`${command} was called complete by both servers, and is not: ${why}.`, {
    command,
    bytes,
  });
}

function untold(role: string, outcome: 'none' | 'unknown', cause?: unknown): FtpUnsupportedError {
  return new FtpUnsupportedError(`The option verify: 'size' needs a ${role} that tells the size of its file.`, {
    command: 'SIZE',
    outcome,
    cause,
  });
}

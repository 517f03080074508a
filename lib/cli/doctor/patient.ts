/** Gives an examination its server, and the means to examine it. */
import { lastValueFrom, toArray } from 'rxjs';
import { type FileEntry, FtpClient, type FtpOptions } from '../../index.js';
import type { Findings } from './findings.js';

export interface Patient {
  readonly options: FtpOptions;
  /** The directory that is listed; empty for that of the login. */
  readonly path: string;
  readonly findings: Findings;
  /** Aborts when the user leaves. */
  readonly signal: AbortSignal;
}

/** The time that a probe waits for a connection and for a reply. It is shorter than usual, since many probes may fail. */
const LIMITS = { connectTimeoutMs: 8000, replyTimeoutMs: 15_000 } as const;

/** Works with a client of its own, which is closed afterwards. */
export async function withClient<T>(
  { options, signal }: Patient,
  more: Partial<FtpOptions>,
  work: (ftp: FtpClient) => Promise<T>,
): Promise<T> {
  const ftp = new FtpClient({ ...options, ...LIMITS, ...more, signal });
  try {
    return await work(ftp);
  } finally {
    await lastValueFrom(ftp.close$());
  }
}

/** The options of a probe by `connect$`. */
export function probeOptions({ options, signal }: Patient, more: Partial<FtpOptions> = {}): FtpOptions {
  return { ...options, ...LIMITS, ...more, signal };
}

export function listed(ftp: FtpClient, path: string): Promise<FileEntry[]> {
  const entries$ = ftp.entries$(path === '' ? undefined : path, { unparsed: 'report' });
  return lastValueFrom(entries$.pipe(toArray()));
}

/** The work's result, or the reason for which it has failed; an abort of the user's is no result. */
export async function attempt<T>(
  { signal }: Patient,
  work: Promise<T>,
): Promise<{ readonly value: T } | { readonly error: unknown }> {
  try {
    return { value: await work };
  } catch (error) {
    signal.throwIfAborted();
    return { error };
  }
}

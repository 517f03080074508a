/** Limits the rate of bytes, by `--limit-rate`. */
import { identity, type MonoTypeOperatorFunction } from 'rxjs';
import { type ByteSource, type FtpClient, throttleBytes } from '../../index.js';
import type { upload$ } from '../../recipes/index.js';
import { byteStream } from '../../sinks/index.js';
import { wrongUsage } from '../session/command-error.js';
import type { Options } from '../session/context.js';

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** In bytes a second, as curl reads it: `200K`, `1.5M`. Undefined if there is no limit. */
export function rateOf(value: Options[string]): number | undefined {
  if (typeof value !== 'string') return undefined;
  const [, digits = '', unit = ''] = /^(\d+(?:\.\d+)?)([kmg]?)$/i.exec(value) ?? [];
  const rate = Number(digits) * (UNITS[unit.toLowerCase()] ?? Number.NaN);
  if (digits === '' || !(rate > 0)) {
    throw wrongUsage('The option --limit-rate takes bytes per second above 0, such as 500K or 2M.');
  }
  return rate;
}

export function limited(rate: number | undefined): MonoTypeOperatorFunction<Uint8Array> {
  return rate === undefined ? identity : throttleBytes(rate);
}

/** The same downloads, at that rate at most. */
export function limitedDownloads(
  ftp: FtpClient,
  rate: number | undefined,
): Pick<FtpClient, 'retr$' | 'size$' | 'mdtm$' | 'hash$'> {
  if (rate === undefined) return ftp;
  return {
    retr$: (path, options) => ftp.retr$(path, options).pipe(throttleBytes(rate)),
    size$: (path, options) => ftp.size$(path, options),
    mdtm$: (path, options) => ftp.mdtm$(path, options),
    hash$: (path, options) => ftp.hash$(path, options),
  };
}

/** The same uploads, at that rate at most. */
export function limitedUploads(ftp: FtpClient, rate: number): Parameters<typeof upload$>[0] {
  return {
    // upload$ gives the source itself, not a function that opens it.
    stor$: (path, source, options) => ftp.stor$(path, limitedSource(source as ByteSource, rate), options),
    retr$: (path, options) => ftp.retr$(path, options),
    lookup$: (path, options) => ftp.lookup$(path, options),
    size$: (path, options) => ftp.size$(path, options),
    mdtm$: (path, options) => ftp.mdtm$(path, options),
    mfmt$: (path, date, options) => ftp.mfmt$(path, date, options),
    rename$: (from, to, options) => ftp.rename$(from, to, options),
    dele$: (path, options) => ftp.dele$(path, options),
  };
}

export function limitedSource(source: ByteSource, rate: number): ByteSource {
  return byteStream(source).pipe(throttleBytes(rate));
}

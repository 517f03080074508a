/** Uploads at a limited rate: the source emits slices, and waits between them. */
import { setTimeout as pause } from 'node:timers/promises';
import type { FtpClient } from '../../index.js';
import type { UploadFtp } from './upload-ftp.js';

/** The same uploads, at that rate at most. */
export function slowUploads(ftp: FtpClient, rate: number): UploadFtp {
  return {
    stor$: (path, source, options) => {
      // upload$ gives what can be iterated: the file.
      const bytes = source as AsyncIterable<Uint8Array>;
      return ftp.stor$(path, slowed(bytes, rate), options);
    },
    retr$: (path, options) => ftp.retr$(path, options),
    lookup$: (path, options) => ftp.lookup$(path, options),
    size$: (path, options) => ftp.size$(path, options),
    mdtm$: (path, options) => ftp.mdtm$(path, options),
    mfmt$: (path, date, options) => ftp.mfmt$(path, date, options),
    rename$: (from, to, options) => ftp.rename$(from, to, options),
    dele$: (path, options) => ftp.dele$(path, options),
  };
}

/** Slices of a tenth of a second's worth, each when its time has come. */
export async function* slowed(source: AsyncIterable<Uint8Array>, rate: number): AsyncGenerator<Uint8Array, undefined> {
  const most = Math.max(1, Math.floor(rate / 10));
  let due = performance.now();
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length; at += most) {
      const now = performance.now();
      if (due > now) await pause(due - now);
      // Time in which the server took nothing is not made up for.
      const slice = chunk.subarray(at, at + most);
      due = Math.max(due, now) + (slice.length / rate) * 1000;
      yield slice;
    }
  }
}

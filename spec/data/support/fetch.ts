/** Whole downloads, for specs that look at how they end. */
import { lastValueFrom } from 'rxjs';
import type { RetrOptions } from '../../../lib/client/operations/transfer-options.js';
import { collectBytes } from '../../../lib/streams/collect-bytes.js';
import type { Connected } from '../../control/support/connected.js';
import { type Observation, observe } from '../../support/observe.js';

/** The content of a file; rejects with the error of the download. */
export async function fetch({ ftp }: Connected, path: string, options?: RetrOptions): Promise<string> {
  return Buffer.from(await lastValueFrom(ftp.retr$(path, options).pipe(collectBytes()))).toString();
}

/** The error of a download that must fail, and the bytes that came before it. */
export async function failedFetch(
  { ftp }: Connected,
  path: string,
  options?: RetrOptions,
): Promise<{ error: unknown; text: string }> {
  const download: Observation<Uint8Array> = observe(ftp.retr$(path, options), { name: `retr$ ${path}` });
  const error = await download.failed;
  return { error, text: Buffer.concat(download.values).toString() };
}

/** Resolves when `count` bytes have come, however they were cut. */
export async function arrived(download: Observation<Uint8Array>, count: number): Promise<void> {
  while (Buffer.concat(download.values).length < count) await download.nth(download.values.length + 1);
}

import { filter, firstValueFrom, type Observable, retry, throwError, timer, toArray } from 'rxjs';
import { collectBytes, type FtpClient, isFtpError } from '../../../lib/index.js';

/** Downloads each new `.csv` from `/in`, hands it to `save`, and moves it to `/done`. Gives their names. */
export async function pickup(ftp: FtpClient, save: (name: string, bytes: Uint8Array) => void): Promise<string[]> {
  const csv$ = ftp.entries$('/in').pipe(filter(({ name }) => name.endsWith('.csv')));
  const names = (await firstValueFrom(csv$.pipe(toArray()))).map(({ name }) => name);
  for (const name of names) {
    const bytes = await firstValueFrom(ftp.retr$(`/in/${name}`).pipe(collectBytes(), retry({ count: 2, delay })));
    save(name, bytes);
    await firstValueFrom(ftp.rename$(`/in/${name}`, `/done/${name}`), { defaultValue: undefined });
  }
  return names;
}

/** Only what is over in a while is worth another try. */
const delay = (error: unknown): Observable<unknown> =>
  isFtpError(error) && error.transient ? timer(1) : throwError(() => error);

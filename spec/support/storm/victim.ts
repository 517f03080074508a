/**
 * The transfers that a storm strikes at, each told of by the same few events.
 *
 * `moved` counts what has come or gone (bytes, or lines of a listing), `drained` says that all of it has, `ended` that the
 * operation is over by itself. A held one stops taking, or giving, after `holdAfter`.
 */
import { EMPTY, NEVER, type Observable, tap } from 'rxjs';
import type { FtpOperations } from '../../../lib/client/ftp-operations.js';
import { paced } from '../../../lib/streams/paced.js';
import { big, known, many, small } from './storm-tree.js';

export type VictimKind = 'RETR big' | 'RETR known' | 'RETR small' | 'STOR' | 'LIST' | 'NLST' | 'entries';
export const victimKinds = ['RETR big', 'RETR known', 'RETR small', 'STOR', 'LIST', 'NLST', 'entries'] as const;

export interface VictimEvents {
  moved(total: number): void;
  drained(): void;
}

/** The path that `STOR` writes. */
export const stored = 'stored.bin';

/** How much a victim moves until it is done; listings in lines, or more of them. */
export const extent: Readonly<Record<VictimKind, number>> = {
  'RETR big': big.bytes,
  'RETR known': known.bytes,
  'RETR small': small.bytes,
  STOR: 16 * 1024 * 1024,
  LIST: many.files,
  NLST: many.files,
  entries: many.files,
};

export function victim(
  ftp: FtpOperations,
  kind: VictimKind,
  holdAfter: number,
  events: VictimEvents,
): Observable<unknown> {
  const read = <T>(source: Observable<T>, measure: (value: T) => number): Observable<unknown> => {
    let total = 0;
    const count = tap<T>((value) => {
      total += measure(value);
      events.moved(total);
      if (total >= extent[kind]) events.drained();
    });
    return count(source).pipe(paced(() => (total >= holdAfter ? NEVER : EMPTY)));
  };
  switch (kind) {
    case 'RETR big':
      return read(ftp.retr$(big.path), ({ length }) => length);
    case 'RETR known':
      return read(ftp.retr$(known.path), ({ length }) => length);
    case 'RETR small':
      return read(ftp.retr$(small.path), ({ length }) => length);
    case 'LIST':
      return read(ftp.list$(many.path), () => 1);
    case 'NLST':
      return read(ftp.nlst$(many.path), () => 1);
    case 'entries':
      return read(ftp.entries$(many.path), () => 1);
    case 'STOR':
      return ftp.stor$(stored, source(holdAfter, events));
  }
}

async function* source(holdAfter: number, events: VictimEvents): AsyncGenerator<Uint8Array, undefined> {
  const piece = new Uint8Array(64 * 1024);
  for (let total = 0; total < extent.STOR; total += piece.length) {
    if (total >= holdAfter) await new Promise(() => undefined);
    yield piece;
    events.moved(total + piece.length);
  }
  events.drained();
}

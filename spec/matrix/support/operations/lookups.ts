/** Lists the questions about one file, by one command or by several; and about the space that is left. */
import { map, toArray } from 'rxjs';
import { type Operation, type Run, reading, WITHOUT_MLST } from '../operation.js';

/** Without the row, which is another one in a listing. */
const found =
  (path: string): Run =>
  (ftp) =>
    ftp.lookup$(path).pipe(
      map(({ name, kind, size }) => `${kind} ${name} ${size}`),
      toArray(),
    );

export const lookups: readonly Operation[] = [
  reading('command', 'lookup$', found('/a')),
  reading('command', 'lookup$ of nothing', found('/no')),
  reading('listing', 'lookup$ by a listing', found(WITHOUT_MLST)),
  reading('command', 'avbl$', (ftp) => ftp.avbl$('/dir')),
];

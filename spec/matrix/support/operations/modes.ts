/** Transfers over data connections that the server makes (EPRT, then PORT), and by PASV or EPSV alone. */
import { map, take } from 'rxjs';
import { all, bytes, type Operation, reading, resembling, source, whole, writing } from '../operation.js';

const active: readonly Operation[] = [
  reading('download', 'retr$ active', whole()),
  reading(
    'listing',
    'mlsd$ active',
    all((ftp) => ftp.mlsd$('/dir')),
  ),
  writing(
    'upload',
    'stor$ active',
    bytes((ftp) => ftp.stor$('/up', source())),
  ),
  {
    ...reading('abort', 'retr$ active, left', (ftp) =>
      ftp.retr$('/a').pipe(
        take(1),
        map(() => 'left'),
      ),
    ),
    abort: '426+225',
  },
];

export const modes: readonly Operation[] = [
  ...active.map((operation): Operation => ({ ...operation, options: { mode: 'active' } })),
  ...resembling(
    { ...reading('download', 'retr$ by PASV', whole()), options: { mode: 'pasv' } },
    { ...reading('download', 'retr$ by EPSV alone', whole()), options: { mode: 'epsv' } },
  ),
];

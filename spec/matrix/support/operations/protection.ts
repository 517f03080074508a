/** Lists changes of the protection of a session, or of its login; and the login over implicit TLS. */
import { concat, map, toArray } from 'rxjs';
import { collectBytes, type FtpOperations } from '../../../../lib/index.js';
import type { Link } from '../link.js';
import { type Operation, reading, reply } from '../operation.js';

const overTls: readonly Link[] = ['TLS 1.2', 'TLS 1.3'];

export const protection: readonly Operation[] = [
  { ...reading('login', 'login, implicit', (ftp) => ftp.pwd$()), links: overTls, options: { secure: 'implicit' } },
  {
    ...reading(
      'protection',
      'pbsz$',
      reply((ftp) => ftp.pbsz$(0)),
    ),
    links: overTls,
  },
  {
    ...reading(
      'protection',
      'prot$',
      reply((ftp) => ftp.prot$('P')),
    ),
    links: overTls,
  },
  { ...reading('protection', 'prot$, then a download', downloadInClear), links: overTls },
  {
    ...reading(
      'protection',
      'auth$',
      reply((ftp) => ftp.auth$()),
    ),
    links: overTls,
    seats: ['session'],
    options: { secure: false },
  },
  {
    ...reading(
      'protection',
      'ccc$',
      reply((ftp) => ftp.ccc$()),
    ),
    links: overTls,
    seats: ['session'],
    options: { allowCcc: true },
  },
  {
    ...reading(
      'protection',
      'rein$',
      reply((ftp) => ftp.rein$()),
    ),
    links: ['plain'],
    seats: ['session'],
  },
];

function downloadInClear(ftp: FtpOperations): ReturnType<Operation['run']> {
  const level$ = ftp.prot$('C').pipe(map(({ text }) => text));
  const content$ = ftp.retr$('/a').pipe(
    collectBytes(),
    map((data) => Buffer.from(data).toString()),
  );
  return concat(level$, content$).pipe(toArray());
}

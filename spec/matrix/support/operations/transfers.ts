/** Downloads, listings and uploads, to their end. */
import { map, reduce, switchMap } from 'rxjs';
import { collectBytes } from '../../../../lib/index.js';
import { all, bytes, type Operation, reading, resembling, sent, source, whole, writing } from '../operation.js';

export const transfers: readonly Operation[] = [
  reading('download', 'retr$', whole()),
  reading('download', 'retr$ from 1000', whole({ start: 1000 })),
  reading('download', 'retr$ verified', whole({ verify: 'size' })),
  reading('download', 'retr$ by transfer$', (ftp) =>
    ftp.transfer$('RETR /a').pipe(
      switchMap((transfer) => transfer.bytes),
      collectBytes(),
      map((data) => Buffer.from(data).toString()),
    ),
  ),
  reading(
    'download',
    'retrLines$',
    all((ftp) => ftp.retrLines$('/a')),
  ),
  reading(
    'listing',
    'list$',
    all((ftp) => ftp.list$('/dir')),
  ),
  reading(
    'listing',
    'nlst$',
    all((ftp) => ftp.nlst$('/dir')),
  ),
  reading(
    'listing',
    'mlsd$',
    all((ftp) => ftp.mlsd$('/dir')),
  ),
  reading(
    'listing',
    'entries$',
    all((ftp) => ftp.entries$('/dir')),
  ),
  ...resembling(
    reading(
      'listing',
      'entries$ by STAT',
      all((ftp) => ftp.entries$('/', { via: 'stat' })),
    ),
  ),
  writing(
    'upload',
    'stor$',
    bytes((ftp) => ftp.stor$('/up', source())),
  ),
  writing(
    'upload',
    'stor$ verified',
    bytes((ftp) => ftp.stor$('/up', source(), { verify: 'size' })),
  ),
  ...resembling(
    writing(
      'upload',
      'stor$ from 5',
      bytes((ftp) => ftp.stor$('/old', source(), { start: 5 })),
    ),
  ),
  writing(
    'upload',
    'appe$',
    bytes((ftp) => ftp.appe$('/old', source())),
  ),
  writing(
    'upload',
    'stou$',
    bytes((ftp) => ftp.stou$(source(), 'unique')),
  ),
  writing('upload', 'stor$ by transfer$', (ftp) =>
    ftp.transfer$('STOR /up', { source: source() }).pipe(
      switchMap((transfer) => transfer.bytes),
      reduce((length, chunk) => length + chunk.length, 0),
    ),
  ),
  writing(
    'upload',
    'storLines$',
    bytes((ftp) =>
      ftp.storLines$(
        '/up',
        sent.map((line) => line.trimEnd()),
      ),
    ),
  ),
];

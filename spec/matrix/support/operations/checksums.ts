/** Checksums of the server's: alone, and behind a transfer. */
import { bytes, type Operation, reading, source, whole, writing } from '../operation.js';

export const checksums: readonly Operation[] = [
  reading('command', 'hash$', (ftp) => ftp.hash$('/a')),
  reading('sequence', 'hash$ of a part', (ftp) => ftp.hash$('/a', { start: 1000, end: 2000 })),
  reading('download', 'retr$ from the end', whole({ start: -1000 })),
  reading('download', 'retr$ hashed', whole({ verify: 'hash' })),
  writing(
    'upload',
    'stor$ hashed',
    bytes((ftp) => ftp.stor$('/up', source(), { verify: 'hash' })),
  ),
];

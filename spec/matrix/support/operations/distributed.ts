/** Transfers of a server that wants to be told of them by PRET. */
import { all, bytes, type Operation, reading, source, whole, writing } from '../operation.js';

const told: readonly Operation[] = [
  reading('download', 'retr$ after PRET', whole()),
  reading(
    'listing',
    'mlsd$ after PRET',
    all((ftp) => ftp.mlsd$('/dir')),
  ),
  writing(
    'upload',
    'stor$ after PRET',
    bytes((ftp) => ftp.stor$('/up', source())),
  ),
];

export const distributed: readonly Operation[] = told.map((operation) => ({
  ...operation,
  features: ['PRET'],
  resembles: true,
}));

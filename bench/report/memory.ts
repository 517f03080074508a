/** The proofs of bounded memory as Markdown. */
import { limitBytes, type Proven } from '../memory/memory-proofs.js';
import { markdownTable } from './markdown.js';

const head = [
  'how it is consumed',
  'moved',
  's',
  'RSS before, MiB',
  'peak, MiB',
  'growth, MiB',
  'limit, MiB',
  'samples',
  'holds',
];

export function memorySection(proven: readonly Proven[]): string {
  const rows = proven.map(({ title, moved, seconds, before, peak, samples, holds }) => [
    ...[title, moved.toLocaleString('en'), seconds.toFixed(1)],
    ...[mebibytes(before), mebibytes(peak), mebibytes(peak - before), `< ${mebibytes(limitBytes)}`],
    ...[String(samples), holds ? 'yes' : '**no**'],
  ]);
  return ['### memory', markdownTable(head, rows)].join('\n\n');
}

const mebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(0);

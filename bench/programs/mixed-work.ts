/**
 * Does metadata work of all kinds, about files of which no two are alike, so that a misled reply is noticed. python-ftplib.py does the
 * same.
 */
import { fourDigits, type Task } from './task.js';

/** One file of the mixed work, with a directory that comes and goes, and a name that is not there. */
export interface MixedFile {
  readonly file: string;
  readonly directory: string;
  readonly missing: string;
  /** What is asked of the missing one. */
  readonly missingVerb: 'SIZE' | 'MDTM' | 'DELE' | 'RMD';
  readonly bytes: number;
  readonly modified: Date;
  /** Every other file is deleted in the end; the others get {@link mode}. */
  readonly deleted: boolean;
  readonly mode: number;
}

const missingVerbs = ['SIZE', 'MDTM', 'DELE', 'RMD'] as const;

/** The one of that number; `bytes` is what the first of them has. */
export function mixedFile(index: number, bytes: number): MixedFile {
  const digits = fourDigits(index);
  return {
    file: `f${digits}`,
    directory: `d${digits}`,
    missing: `missing${digits}`,
    missingVerb: missingVerbs[index % missingVerbs.length] ?? 'SIZE',
    bytes: bytes + index,
    modified: new Date(Date.UTC(2020, 0, 1) + index * 61_000),
    deleted: index % 2 === 0,
    mode: 0o600 + 8 * (index % 8),
  };
}

/** How many commands there are for each file. */
export const mixedCommands = ({ mlst = false }: Task): number => (mlst ? 7 : 6);

/** A command, and what its reply has to be. */
export interface Exchange {
  readonly line: string;
  readonly code: number;
  readonly part: string;
}

/** All commands of one file, for who sends one after the other: RMD needs MKD, DELE ends what can be asked of a file. */
export function mixedExchanges(index: number, { remote, bytes, mlst = false }: Task): readonly Exchange[] {
  const work = mixedFile(index, bytes);
  const [file, directory] = [`${remote}/${work.file}`, `${remote}/${work.directory}`];
  const time = work.modified.toISOString().replaceAll(/\D/g, '').slice(0, 14);
  return [
    { line: `MKD ${directory}`, code: 257, part: work.directory },
    { line: `SIZE ${file}`, code: 213, part: String(work.bytes) },
    { line: `MDTM ${file}`, code: 213, part: time },
    ...(mlst ? [{ line: `MLST ${file}`, code: 250, part: work.file }] : []),
    { line: `${work.missingVerb} ${remote}/${work.missing}`, code: 550, part: '' },
    work.deleted
      ? { line: `DELE ${file}`, code: 250, part: '' }
      : { line: `SITE CHMOD ${work.mode.toString(8)} ${file}`, code: 200, part: '' },
    { line: `RMD ${directory}`, code: 250, part: '' },
  ];
}

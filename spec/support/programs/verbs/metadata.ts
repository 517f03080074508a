/** SIZE, MDTM, MFMT, MLST, STAT and SITE CHMOD of a file. */
import { map } from 'rxjs';
import { timeOf } from '../places.js';
import { nothing } from '../shown.js';
import { inDirectory, planted, type Verb } from '../verb.js';

const newTime = new Date('2021-06-07T08:09:10Z');

export const metadata: Readonly<Record<string, Verb>> = {
  size$: {
    portable: true,
    weight: 2,
    plants: 'file',
    say: ({ path }) => `size$('${path}')`,
    start: (ftp, { path }) => ftp.size$(path).pipe(map(String)),
    meets: (state, at) => inDirectory(state, at, (directory) => String(planted(at, directory).length)),
  },
  'size$ of nothing': {
    portable: true,
    say: ({ path }) => `size$('${path}-missing')`,
    start: (ftp, { path }) => ftp.size$(`${path}-missing`).pipe(map(String)),
    meets: (state, at) => ({ ...inDirectory(state, at), shows: undefined }),
  },
  mdtm$: {
    portable: true,
    plants: 'file',
    say: ({ path }) => `mdtm$('${path}')`,
    start: (ftp, { path }) => ftp.mdtm$(path).pipe(map((time) => time.toISOString())),
    meets: (state, at) => inDirectory(state, at, (directory) => timeOf(at.id, directory).toISOString()),
  },
  mfmt$: {
    portable: true,
    needs: 'setsTime',
    plants: 'file',
    say: ({ path }) => `mfmt$('${path}', date)`,
    start: (ftp, { path }) => ftp.mfmt$(path, newTime).pipe(nothing),
    meets: (state, at) => inDirectory(state, at),
    mark(at, directory, found) {
      const time = found?.modified.getTime();
      if (time === timeOf(at.id, directory).getTime()) return 'none';
      return time === newTime.getTime() ? 'whole' : 'spoilt';
    },
  },
  chmod$: {
    portable: true,
    plants: 'file',
    say: ({ path }) => `chmod$('${path}', 0o640)`,
    start: (ftp, { path }) => ftp.chmod$(path, 0o640).pipe(nothing),
    // The scripted server has no permissions: its record is looked at alone.
    meets: (state, at) => inDirectory(state, at),
  },
  mlst$: {
    portable: true,
    needs: 'mlsd',
    weight: 2,
    plants: 'file',
    say: ({ path }) => `mlst$('${path}')`,
    start: (ftp, { path, exact }) =>
      ftp.mlst$(path).pipe(map(({ facts, size }) => (exact ? `${size} ${[...facts.keys()].sort()}` : ''))),
    meets: (state, at) =>
      inDirectory(
        state,
        at,
        (directory) => {
          const size = state.facts.includes('size') ? planted(at, directory).length : undefined;
          return at.exact ? `${size} ${state.facts}` : '';
        },
        { facts: state.facts },
      ),
  },
  'stat$ of a file': {
    portable: false,
    plants: 'file',
    say: ({ path }) => `stat$('${path}')`,
    start: (ftp, { path }) => ftp.stat$(path).pipe(map(({ lines }) => / ftp +(\d+) /.exec(lines.join(' '))?.[1] ?? '')),
    meets: (state, at) => inDirectory(state, at, (directory) => String(planted(at, directory).length)),
  },
};

/** MKD, RMD, DELE, RNFR with RNTO: what changes names, and leaves a mark in one directory. */
import { map } from 'rxjs';
import { nothing, replyOf } from '../shown.js';
import { baseName, type Found, inDirectory, type Mark, planted, removed, type Verb } from '../verb.js';

const made = (_at: unknown, _directory: unknown, found: Found): Mark => {
  if (found === undefined) return 'none';
  return found.text === undefined ? 'whole' : 'spoilt';
};

export const names: Readonly<Record<string, Verb>> = {
  dele$: {
    portable: true,
    weight: 3,
    plants: 'file',
    say: ({ path }) => `dele$('${path}')`,
    start: (ftp, { path }) => ftp.dele$(path).pipe(nothing),
    meets: (state, at) => inDirectory(state, at),
    mark: removed,
  },
  'dele$ of nothing': {
    portable: true,
    say: ({ path }) => `dele$('${path}-missing')`,
    start: (ftp, { path }) => ftp.dele$(`${path}-missing`).pipe(nothing),
    meets: (state, at) => ({ ...inDirectory(state, at), shows: undefined }),
  },
  mkd$: {
    portable: true,
    say: ({ path }) => `mkd$('${path}')`,
    // Some servers repeat the name that they were given.
    start: (ftp, { path, exact, unspell }) =>
      ftp.mkd$(path).pipe(map((name) => (exact ? unspell(name) : baseName(name)))),
    meets: (state, at) =>
      inDirectory(state, at, (directory) => {
        if (!at.exact) return at.id;
        return directory === '/' ? `/${at.id}` : `${directory}/${at.id}`;
      }),
    mark: made,
  },
  rmd$: {
    portable: true,
    plants: 'directory',
    say: ({ path }) => `rmd$('${path}')`,
    start: (ftp, { path }) => ftp.rmd$(path).pipe(nothing),
    meets: (state, at) => inDirectory(state, at),
    mark: removed,
  },
  rename$: {
    portable: true,
    weight: 2,
    plants: 'file',
    say: ({ path }) => `rename$('${path}', '${path}-new')`,
    start: (ftp, { path }) => ftp.rename$(path, `${path}-new`).pipe(nothing),
    meets: (state, at) => inDirectory(state, at),
    mark(at, directory, found, renamed) {
      if (found !== undefined && renamed === undefined) return 'none';
      return found === undefined && renamed?.text === planted(at, directory) ? 'whole' : 'spoilt';
    },
  },
  "send$('DELE')": {
    portable: true,
    plants: 'file',
    say: ({ path }) => `send$('DELE ${path}')`,
    start: (ftp, { path }) => ftp.send$(`DELE ${path}`).pipe(replyOf, nothing),
    meets: (state, at) => inDirectory(state, at),
    mark: removed,
  },
  "exchange$('MKD')": {
    portable: true,
    say: ({ path }) => `exchange$('MKD ${path}', { expect: 257 })`,
    start: (ftp, { path }) => ftp.exchange$(`MKD ${path}`, { expect: 257 }).pipe(nothing),
    meets: (state, at) => inDirectory(state, at),
    mark: made,
  },
};

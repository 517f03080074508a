/** RETR, STOR, APPE and STOU, each as whole operations and by `transfer$`. */
import { mergeMap } from 'rxjs';
import { nothing, text } from '../shown.js';
import { inDirectory, planted, sentBy, type Verb, written } from '../verb.js';

export const transfers: Readonly<Record<string, Verb>> = {
  retr$: {
    portable: true,
    weight: 3,
    plants: 'file',
    say: ({ path }) => `retr$('${path}')`,
    start: (ftp, { path }) => ftp.retr$(path).pipe(text),
    meets: (state, at) => inDirectory(state, at, (directory) => planted(at, directory), { type: state.type }),
  },
  'retr$ of nothing': {
    portable: true,
    say: ({ path }) => `retr$('${path}-missing')`,
    start: (ftp, { path }) => ftp.retr$(`${path}-missing`).pipe(text),
    meets: (state, at) => ({ ...inDirectory(state, at, () => '', { type: state.type }), shows: undefined }),
  },
  retrLines$: {
    portable: true,
    plants: 'file',
    say: ({ path }) => `retrLines$('${path}')`,
    start: (ftp, { path }) => ftp.retrLines$(path),
    meets: (state, at) => inDirectory(state, at, (directory) => planted(at, directory), { type: 'A' }),
  },
  stor$: {
    portable: true,
    weight: 3,
    say: ({ path, large }) => `stor$('${path}', ${large ? 'much' : 'text'})`,
    start: (ftp, at) => ftp.stor$(at.path, sentBy(at)).pipe(nothing),
    meets: (state, at) => inDirectory(state, at, () => '', { type: state.type }),
    mark: (at, _directory, found) => written(undefined, sentBy(at), found),
  },
  'stor$ in binary': {
    portable: true,
    say: ({ path }) => `stor$('${path}', text, { type: 'binary', verify: 'size' })`,
    start: (ftp, at) => ftp.stor$(at.path, sentBy(at), { type: 'binary', verify: 'size' }).pipe(nothing),
    meets: (state, at) => inDirectory(state, at, () => '', { type: 'I' }),
    mark: (at, _directory, found) => written(undefined, sentBy(at), found),
  },
  appe$: {
    portable: true,
    weight: 2,
    plants: 'file',
    say: ({ path }) => `appe$('${path}', text)`,
    start: (ftp, at) => ftp.appe$(at.path, sentBy(at)).pipe(nothing),
    meets: (state, at) => inDirectory(state, at, () => '', { type: state.type }),
    mark: (at, directory, found) => written(planted(at, directory), sentBy(at), found),
  },
  stou$: {
    portable: false,
    say: ({ path }) => `stou$(text, '${path}')`,
    start: (ftp, at) => ftp.stou$(sentBy(at), at.path).pipe(nothing),
    meets: (state, at) => inDirectory(state, at, () => '', { type: state.type }),
    mark: (at, _directory, found) => written(undefined, sentBy(at), found),
  },
  "transfer$('RETR')": {
    portable: true,
    plants: 'file',
    say: ({ path }) => `transfer$('RETR ${path}')`,
    start: (ftp, { path }) =>
      ftp.transfer$(`RETR ${path}`).pipe(
        mergeMap(({ bytes }) => bytes),
        text,
      ),
    meets: (state, at) => inDirectory(state, at, (directory) => planted(at, directory), { type: state.type }),
  },
  "transfer$('STOR')": {
    portable: true,
    say: ({ path }) => `transfer$('STOR ${path}', { source: text })`,
    start: (ftp, at) => ftp.transfer$(`STOR ${at.path}`, { source: sentBy(at) }).pipe(nothing),
    meets: (state, at) => inDirectory(state, at, () => '', { type: state.type }),
    mark: (at, _directory, found) => written(undefined, sentBy(at), found),
  },
};

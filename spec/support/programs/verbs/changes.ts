/** Lists changes of a client's state: CWD and CDUP in all their spellings, TYPE, OPTS MLST. */
import { directoryAt, factsOf, type State } from '../places.js';
import { nothing, replyOf } from '../shown.js';
import type { Outcome, Spelled, Verb } from '../verb.js';
import { chosenFacts } from './listings.js';

export const changes: Readonly<Record<string, Verb>> = {
  cwd$: {
    ...move(({ folder }) => folder),
    weight: 10,
    say: ({ folder }) => `cwd$('${folder}')`,
    start: (ftp, { folder }) => ftp.cwd$(folder).pipe(nothing),
  },
  cdup$: {
    ...move(() => '..'),
    weight: 4,
    say: () => 'cdup$()',
    start: (ftp) => ftp.cdup$().pipe(nothing),
  },
  "send$('CWD')": {
    ...move(({ folder }) => folder),
    weight: 2,
    say: ({ folder }) => `send$('CWD ${folder}')`,
    start: (ftp, { folder }) => ftp.send$(`CWD ${folder}`).pipe(replyOf, nothing),
  },
  "exchange$('CWD')": {
    ...move(({ folder }) => folder),
    weight: 2,
    say: ({ folder }) => `exchange$('CWD ${folder}', { expect: 250 })`,
    start: (ftp, { folder }) => ftp.exchange$(`CWD ${folder}`, { expect: 250 }).pipe(nothing),
  },
  'cwd$ to nothing': {
    portable: true,
    changes: true,
    weight: 2,
    say: ({ path }) => `cwd$('${path}-missing')`,
    start: (ftp, { path }) => ftp.cwd$(`${path}-missing`).pipe(nothing),
    meets: (_state, at) => ({ shows: undefined, skipDirectory: isAbsolute(at) }),
  },
  type$: {
    ...setting((state, at) => ({ ...state, type: typeOf(at) })),
    portable: true,
    weight: 3,
    say: (at) => `type$('${typeOf(at)}')`,
    start: (ftp, at) => ftp.type$(typeOf(at)).pipe(nothing),
  },
  "send$('TYPE')": {
    ...setting((state, at) => ({ ...state, type: typeOf(at) })),
    portable: true,
    say: (at) => `send$('TYPE ${typeOf(at)}')`,
    start: (ftp, at) => ftp.send$(`TYPE ${typeOf(at)}`).pipe(replyOf, nothing),
  },
  "opts$('MLST')": {
    ...setting((state, at) => ({ ...state, facts: factsOf(chosenFacts(at)) })),
    portable: true,
    needs: 'mlsd',
    weight: 3,
    say: (at) => `opts$('MLST', '${optionOf(at)}')`,
    start: (ftp, at) => ftp.opts$('MLST', optionOf(at)).pipe(nothing),
  },
};

function move(path: (at: Spelled) => string): Pick<Verb, 'portable' | 'changes' | 'meets'> {
  return {
    portable: true,
    changes: true,
    meets(state, at): Outcome {
      const isUp = path(at) === '..';
      const directory = directoryAt(state.directory, isUp ? '..' : at.where);
      const skipDirectory = !isUp && isAbsolute(at);
      if (directory === undefined) return { shows: undefined, skipDirectory };
      return { shows: '', next: { ...state, directory }, skipDirectory };
    },
  };
}

function setting(next: (state: State, at: Spelled) => State): Pick<Verb, 'changes' | 'meets'> {
  return { changes: true, meets: (state, at) => ({ shows: '', next: next(state, at) }) };
}

const isAbsolute = ({ where }: Spelled): boolean => where.startsWith('/');
const typeOf = ({ variant }: Spelled): 'I' | 'A' => (variant % 2 === 0 ? 'A' : 'I');
const optionOf = (at: Spelled): string =>
  chosenFacts(at)
    .map((fact) => `${fact};`)
    .join('');

/** LIST, NLST, MLSD and `entries$`: what they show is the file of each directory that nothing touches. */
import { map, mergeMap, type OperatorFunction } from 'rxjs';
import { decodeText, lines, type MlsxEntry } from '../../../../lib/index.js';
import { type Directory, factsOf, markerIn, markerOf } from '../places.js';
import { inDirectory, type Spelled, type Verb } from '../verb.js';

/** Without a path the directory itself is listed. */
const given = ({ where, folder }: Spelled): string | undefined => (where === '.' ? undefined : folder);
const argument = (at: Spelled): string => (at.where === '.' ? '' : `'${at.folder}'`);
const marker = map(markerIn);

const choices = [
  ['type', 'size'],
  ['size', 'modify'],
  ['type', 'size', 'modify'],
] as const;

/** The facts that a variant asks for. */
export function chosenFacts({ variant }: Spelled): readonly string[] {
  return choices[variant % choices.length] ?? choices[0];
}

export const listings: Readonly<Record<string, Verb>> = {
  list$: {
    portable: true,
    weight: 2,
    say: (at) => `list$(${argument(at)})`,
    start: (ftp, at) => ftp.list$(given(at)).pipe(marker),
    meets: (state, at) => inDirectory(state, at, markerOf, { orNothing: true }),
  },
  nlst$: {
    portable: true,
    say: (at) => `nlst$(${argument(notUp(at))})`,
    start: (ftp, at) => ftp.nlst$(given(notUp(at))).pipe(marker),
    meets: (state, at) => inDirectory(state, notUp(at), markerOf, { orNothing: true }),
  },
  mlsd$: {
    portable: true,
    needs: 'mlsd',
    weight: 2,
    say: (at) => `mlsd$(${argument(at)})`,
    start: (ftp, at) => ftp.mlsd$(given(at)).pipe(markerWithFacts(at)),
    meets: (state, at) => inDirectory(state, at, seenWith(at, state.facts), { facts: state.facts }),
  },
  'mlsd$ with facts': {
    portable: true,
    needs: 'mlsd',
    weight: 3,
    say: (at) => `mlsd$(${argument(at) || 'undefined'}, { facts: [${chosenFacts(at).map((fact) => `'${fact}'`)}] })`,
    start: (ftp, at) => ftp.mlsd$(given(at), { facts: chosenFacts(at) }).pipe(markerWithFacts(at)),
    meets(state, at) {
      const facts = factsOf(chosenFacts(at));
      return inDirectory(state, at, seenWith(at, facts), { facts, next: { ...state, facts } });
    },
  },
  entries$: {
    portable: true,
    weight: 2,
    say: (at) => `entries$(${argument(at)})`,
    start: (ftp, at) => ftp.entries$(given(at)).pipe(map(({ name, kind }) => markerIn(kind === 'file' ? name : ''))),
    meets: (state, at) => inDirectory(state, at, markerOf),
  },
  "transfer$('NLST')": {
    portable: true,
    say: (at) => `transfer$('${nlst(at)}')`,
    start: (ftp, at) =>
      ftp.transfer$(nlst(at)).pipe(
        mergeMap(({ bytes }) => bytes.pipe(decodeText(), lines())),
        marker,
      ),
    meets: (state, at) => inDirectory(state, notUp(at), markerOf, { orNothing: true }),
  },
};

/** ProFTPD 1.3.8 takes each `../` off the path of NLST: in /a, `NLST ../b` lists /a/b. Real servers list here instead. */
function notUp(at: Spelled): Spelled {
  return !at.exact && at.where.startsWith('..') ? { ...at, where: '.' } : at;
}

function nlst(at: Spelled): string {
  const path = given(notUp(at));
  return path === undefined ? 'NLST' : `NLST ${path}`;
}

/** The marker, and the facts that it comes with, where the server gives all that are asked for. */
function markerWithFacts({ exact }: Spelled): OperatorFunction<MlsxEntry, string> {
  return map(({ name, facts }) => {
    const seen = markerIn(name);
    return seen === '' || !exact ? seen : `${seen} ${factsOf(facts.keys())}`;
  });
}

const seenWith =
  ({ exact }: Spelled, facts: string) =>
  (directory: Directory): string =>
    exact ? `${markerOf(directory)} ${facts}` : markerOf(directory);

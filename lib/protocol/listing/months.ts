/**
 * Month names as `ls` prints them in the locales servers have been seen to run in.
 *
 * Keyed by the name in lower case without a final dot or comma. French `jui` alone (June or July) is left out: it is ambiguous.
 */
import { beginsWithDigit, readDigits } from '../digits.js';

const NAMES: readonly (readonly string[])[] = [
  ['jan', 'january', 'januar', 'janv', 'janvier', 'ene', 'enero', 'gen', 'gennaio', 'sty', 'led', 'tammi'],
  ['feb', 'february', 'februar', 'fév', 'févr', 'fevr', 'fev', 'febrero', 'febbraio', 'lut', 'úno', 'helmi'],
  ['mar', 'march', 'mär', 'märz', 'mrz', 'mars', 'mrt', 'maart', 'marzo', 'março', 'bře', 'maalis'],
  ['apr', 'april', 'avr', 'avril', 'abr', 'abril', 'aprile', 'kwi', 'dub', 'huhti'],
  ['may', 'mai', 'mei', 'mayo', 'mag', 'maggio', 'maj', 'maio', 'kvě', 'touko'],
  ['jun', 'june', 'juni', 'juin', 'junio', 'giu', 'giugno', 'junho', 'cze', 'čen', 'kesä'],
  ['jul', 'july', 'juli', 'juil', 'juillet', 'julio', 'lug', 'luglio', 'julho', 'lip', 'čec', 'heinä'],
  ['aug', 'august', 'aoû', 'août', 'aout', 'ago', 'agosto', 'augustus', 'sie', 'srp', 'elo'],
  ['sep', 'sept', 'september', 'septembre', 'septiembre', 'set', 'settembre', 'setembro', 'wrz', 'zář', 'syys'],
  ['oct', 'october', 'okt', 'oktober', 'octobre', 'octubre', 'ott', 'ottobre', 'out', 'outubro', 'paź', 'říj', 'loka'],
  ['nov', 'november', 'novembre', 'noviembre', 'novembro', 'lis', 'marras'],
  [
    'dec',
    'december',
    'dez',
    'dezember',
    'déc',
    'décembre',
    'dic',
    'diciembre',
    'dicembre',
    'dezembro',
    'des',
    'gru',
    'pro',
  ],
];

const NUMBERS: ReadonlyMap<string, number> = /* @__PURE__ */ new Map(
  /* @__PURE__ */ NAMES.flatMap((names, index) => names.map((name): [string, number] => [name, index + 1])),
);

/** No name is longer, with its dot or comma. */
const MAX_LENGTH = 12;

/** The number of the month, 1 to 12 (in numbered months, `11月`, any); `undefined` when `word` names none. */
export function monthNumber(word: string): number | undefined {
  if (word.length > MAX_LENGTH) return undefined;
  if (beginsWithDigit(word)) return numberedMonth(word);
  const name = word.toLowerCase();
  return NUMBERS.get(name) ?? NUMBERS.get(name.replace(/[.,]$/, ''));
}

function numberedMonth(word: string): number | undefined {
  const month = word.endsWith('月') ? readDigits(word, 0, word.length - 1) : -1;
  return month === -1 ? undefined : month;
}

/**
 * Month names as listings have them in the locales that servers have been seen to run in.
 *
 * They are looked up in lower case without a final dot or comma, with their accents or without. French `jui` alone (June or
 * July) is left out. A name may also be in bytes of Latin-1 that were no UTF-8, or a number and the sign for a month.
 */
import { beginsWithDigit, readDigits } from '../digits.js';

/** Twelve names in each row. Spellings of one month are joined by a slash. */
const NAMES: readonly string[] = [
  'jan feb mar apr may jun jul aug sep/sept oct nov dec',
  'january february march april may june july august september october november december',
  'januar februar märz/mär/mrz april mai juni juli august september oktober november dezember/dez',
  'janv/janvier févr/fév/février mars avr/avril mai juin juil/juillet août/aoû sept/septembre oct/octobre nov/novembre déc/décembre',
  'ene/enero feb/febrero mar/marzo abr/abril may/mayo jun/junio jul/julio ago/agosto sep/septiembre oct/octubre nov/noviembre dic/diciembre',
  'gen/gennaio feb/febbraio mar/marzo apr/aprile mag/maggio giu/giugno lug/luglio ago/agosto set/settembre ott/ottobre nov/novembre dic/dicembre',
  'jan/janeiro fev/fevereiro mar/março abr/abril mai/maio jun/junho jul/julho ago/agosto set/setembro out/outubro nov/novembro dez/dezembro',
  'januari februari maart/mrt april mei juni juli augustus september oktober november december',
  'jan feb mars april maj juni juli augusti sep okt nov dec',
  'jan feb mars april mai juni juli aug sep okt nov des/desember',
  'ian/ianuarie feb/februarie mar/martie apr/aprilie mai iun/iunie iul/iulie aug sep/septembrie oct/octombrie noi/noiembrie dec/decembrie',
  'sty lut mar kwi maj cze lip sie wrz paź lis gru',
  'led úno bře dub kvě čen čec srp zář říj lis pro',
  'jan feb mar apr máj jún júl aug sep okt nov dec',
  'jan feb mar apr maj jun jul avg sep okt nov dec',
  'jan shk mar pri maj qer kor gsh sht tet nën dhj',
  'jan febr márc ápr máj jún júl aug szept okt nov dec',
  'tammi helmi maalis huhti touko kesä heinä elo syys loka marras joulu',
  'oca şub mar nis may haz tem ağu eyl eki kas ara',
  'jaan veebr märts apr mai juuni juuli aug sept okt nov dets',
  'saus vas kov bal geg birž liep rugp rugs spal lapkr gruod',
  'gen febr març abr maig juny jul ag set oct nov des',
  'янв фев мар апр май/мая июн июл авг сен/сент окт ноя/нояб дек',
  'січ лют бер кві/квіт тра/трав чер/черв лип сер/серп вер/вер жов/жовт лис гру/груд',
  'яну фев мар апр май юни юли авг сеп окт ное дек',
  'ιαν φεβ μαρ απρ μαι/μαϊ/μάι ιουν ιουλ αυγ σεπ οκτ νοε δεκ',
  'th01/th1 th02/th2 th03/th3 th04/th4 th05/th5 th06/th6 th07/th7 th08/th8 th09/th9 th10 th11 th12',
];

const NUMBERS: ReadonlyMap<string, number> = /* @__PURE__ */ numbersByName();

function numbersByName(): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  const pairs = NAMES.flatMap((row) =>
    row.split(' ').flatMap((names, index) => names.split('/').map((name): [string, number] => [name, index + 1])),
  );
  for (const [name, number] of pairs) numbers.set(name, number);
  for (const [name, number] of pairs) {
    // Servers drop accents; a name without them that is another month's already (`mai`) stays that.
    const bare = name.normalize('NFD').replaceAll(/\p{M}/gu, '');
    if (!numbers.has(bare)) numbers.set(bare, number);
  }
  return numbers;
}

/** No name is longer, with its dot or comma. */
const MAX_LENGTH = 12;

/** The number of the month, 1 to 12 (in numbered months, `11月`, any); `undefined` when `word` names none. */
export function monthNumber(word: string): number | undefined {
  if (word.length > MAX_LENGTH) return undefined;
  if (beginsWithDigit(word)) return numberedMonth(word);
  return NUMBERS.get(word.toLowerCase()) ?? spelledMonth(word);
}

function spelledMonth(word: string): number | undefined {
  const end = endOfName(word);
  if (end === word.length && !isUndecoded(word)) return undefined;
  const name = word.slice(0, end).toLowerCase();
  return NUMBERS.get(name) ?? NUMBERS.get(name.replaceAll(/[\udc80-\udcff]/g, latin1));
}

/** Before a dot, a comma, or both. */
function endOfName(word: string): number {
  let end = word.length;
  while (end > 0 && end > word.length - 2 && (word.charAt(end - 1) === '.' || word.charAt(end - 1) === ',')) end -= 1;
  return end;
}

/** Whether `word` has bytes that were no UTF-8. */
function isUndecoded(word: string): boolean {
  for (let index = 0; index < word.length; index += 1) {
    if (word.charCodeAt(index) >= 0xdc80 && word.charCodeAt(index) <= 0xdcff) return true;
  }
  return false;
}

/** A byte that was no UTF-8, as the character of Latin-1 that it may have been. */
function latin1(unit: string): string {
  return String.fromCharCode(unit.charCodeAt(0) - 0xdc00);
}

function numberedMonth(word: string): number | undefined {
  const end = signStart(word);
  const month = end < word.length ? readDigits(word, 0, end) : -1;
  return month === -1 ? undefined : month;
}

/**
 * Where the sign for a year, a month or a day begins at the end of `word` (`3日`, `6월`); else the word's length. In Shift_JIS,
 * EUC or Big5 that were not decoded a sign is two characters, of which the second may be a letter.
 */
export function signStart(word: string): number {
  for (let start = word.length - 1; start > 0 && start >= word.length - 2; start -= 1) {
    if (word.charCodeAt(start) > 0x7f && beginsWithDigit(word.charAt(start - 1))) return start;
  }
  return word.length;
}

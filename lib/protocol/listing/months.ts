/**
 * Lists month names, as listings print them in the locales of known servers.
 *
 * The parser looks them up in lower case without a final dot or comma, with their accents or without. Croatian `lip` is June and Polish
 * `lip` July: such a name names no month by itself. A name may also be in bytes of Latin-1 that were no UTF-8. It may also be a number and
 * the sign for a month.
 */
import { beginsWithDigit, readDigits } from '../digits.js';

/**
 * Twelve names in each row, which is of one language. Spellings of one month are joined by a slash. A name of several months, as
 * French `jui`, stands for each of them.
 */
export const MONTH_NAMES: readonly string[] = [
  'jan/january feb/february mar/march apr/april may jun/june jul/july aug/august sep/sept/september oct/october nov/november dec/december',
  'jan/januar/jän/jänner feb/februar/feber märz/mär/mrz apr/april mai jun/juni jul/juli aug/august sep/sept/september okt/oktober nov/november dez/dezember',
  'janv/jan/janvier févr/fév/février mars/mar avr/avril mai juin/jui juil/juillet/jui août/aoû sept/sep/septembre oct/octobre nov/novembre déc/décembre',
  'ene/enero feb/febrero mar/marzo abr/abril may/mayo jun/junio jul/julio ago/agosto sep/sept/septiembre oct/octubre nov/noviembre dic/diciembre',
  'gen/gennaio feb/febbraio mar/marzo apr/aprile mag/maggio giu/giugno lug/luglio ago/agosto set/settembre ott/ottobre nov/novembre dic/dicembre',
  'jan/janeiro fev/fevereiro mar/março abr/abril mai/maio jun/junho jul/julho ago/agosto set/setembro out/outubro nov/novembro dez/dezembro',
  'jan/januari feb/februari mrt/maart apr/april mei jun/juni jul/juli aug/augustus sep/sept/september okt/oktober nov/november dec/december',
  'jan/januari feb/februari mar/mars apr/april maj jun/juni jul/juli aug/augusti sep/sept/september okt/oktober nov/november dec/december',
  'jan/januar feb/februar mar/marts apr/april maj jun/juni jul/juli aug/august sep/sept/september okt/oktober nov/november dec/december',
  'jan/januar feb/februar mar/mars apr/april mai jun/juni jul/juli aug/august sep/sept/september okt/oktober nov/november des/desember',
  'ian/ianuarie feb/februarie mar/martie apr/aprilie mai iun/iunie iul/iulie aug/august sep/septembrie oct/octombrie noi/nov/noiembrie dec/decembrie',
  'sty/styczeń/stycznia lut/luty/lutego mar/marzec/marca kwi/kwiecień/kwietnia maj/maja cze/czerwiec/czerwca lip/lipiec/lipca sie/sierpień/sierpnia wrz/wrzesień/września paź/październik/października lis/listopad/listopada gru/grudzień/grudnia',
  'led/leden/ledna úno/únor/února bře/březen/března dub/duben/dubna kvě/květen/května čen/čvn/červen/června čec/čvc/červenec/července srp/srpen/srpna zář/září říj/říjen/října lis/listopad/listopadu pro/prosinec/prosince',
  'jan/január/januára feb/február/februára mar/marec/marca apr/apríl/apríla máj/mája jún/júna júl/júla aug/august/augusta sep/september/septembra okt/október/októbra nov/november/novembra dec/december/decembra',
  'jan/januar feb/februar mar/mart/marec apr/april maj jun/juni/junij jul/juli/julij avg/avgust sep/sept/septembar/september okt/oktobar/oktober nov/novembar/november dec/decembar/december',
  'sij/siječanj/siječnja vel/velj/veljača/veljače ožu/ožujak/ožujka tra/travanj/travnja svi/svibanj/svibnja lip/lipanj/lipnja srp/srpanj/srpnja kol/kolovoz/kolovoza ruj/rujan/rujna lis/listopad/listopada stu/studeni/studenoga pro/prosinac/prosinca',
  'jan/janar shk/shkurt mar/mars pri/prill maj qer/qershor kor/korr/korrik gsh/gusht sht/shtator tet/tetor nën/nëntor dhj/dhjetor',
  'jan/január febr/feb/február márc/már/március ápr/április máj/május jún/június júl/július aug/augusztus szept/szep/szeptember okt/október nov/november dec/december',
  'tammi/tammikuu helmi/helmikuu maalis/maaliskuu huhti/huhtikuu touko/toukokuu kesä/kesäkuu heinä/heinäkuu elo/elokuu syys/syyskuu loka/lokakuu marras/marraskuu joulu/joulukuu',
  'oca/ocak şub/şubat mar/mart nis/nisan may/mayıs haz/haziran tem/temmuz ağu/ağustos eyl/eylül eki/ekim kas/kasım ara/aralık',
  'jaan/jaanuar veebr/veebruar märts apr/aprill mai juuni juuli aug/august sept/september okt/oktoober nov/november dets/detsember',
  'saus/sausio vas/vasario kov/kovo bal/balandžio geg/gegužės birž/birželio liep/liepos rugp/rugpjūčio rugs/rugsėjo spal/spalio lapkr/lapkričio gruod/gruodžio',
  'janv/janvāris febr/februāris marts apr/aprīlis maijs jūn/jūnijs jūl/jūlijs aug/augusts sept/septembris okt/oktobris nov/novembris dec/decembris',
  'gen/gener febr/feb/febrer març/mar abr/abril maig/mai juny/jun jul/juliol ag/ago/agost set/setembre oct/octubre nov/novembre des/desembre',
  'xan/xaneiro feb/febreiro mar/marzo abr/abril mai/maio xuñ/xuño xul/xullo ago/agosto set/setembro out/outubro nov/novembro dec/decembro',
  'urt/urtarrila ots/otsaila mar/martxoa api/apirila mai/maiatza eka/ekaina uzt/uztaila abu/abuztua ira/iraila urr/urria aza/azaroa abe/abendua',
  'jan/janúar feb/febrúar mar/mars apr/apríl maí jún/júní júl/júlí ágú/ágúst sep/september okt/október nóv/nóvember des/desember',
  'jan/januari feb/februari mar/mac/maret apr/april mei jun/juni jul/juli agu/agt/ags/agustus sep/september okt/oktober nov/november des/desember',
  'янв/январь/января фев/февраль/февраля мар/март/марта апр/апрель/апреля май/мая июн/июнь/июня июл/июль/июля авг/август/августа сен/сент/сентябрь/сентября окт/октябрь/октября ноя/нояб/ноябрь/ноября дек/декабрь/декабря',
  'січ/січень/січня лют/лютий/лютого бер/березень/березня кві/квіт/квітень/квітня тра/трав/травень/травня чер/черв/червень/червня лип/липень/липня сер/серп/серпень/серпня вер/вересень/вересня жов/жовт/жовтень/жовтня лис/лист/листопад/листопада гру/груд/грудень/грудня',
  'сту/студзень/студзеня лют/люты/лютага сак/сакавік/сакавіка кра/красавік/красавіка май/тра/траўня чэр/чэрвень/чэрвеня ліп/ліпень/ліпеня жні/жнівень/жніўня вер/верасень/верасня кас/кастрычнік ліс/лістапад/лістапада сне/снежань/снежня',
  'яну/януари фев/февруари мар/март апр/април май юни юли авг/август сеп/септември окт/октомври ное/ноември дек/декември',
  'јан/јануар феб/фебруар мар/март апр/април мај јун/јуни јул/јули авг/август сеп/септембар окт/октобар нов/новембар дец/децембар',
  'ιαν/ιανουαρίου φεβ/φεβρουαρίου μαρ/μαρτίου απρ/απριλίου μαι/μαϊ/μάι/μαΐου ιουν/ιουνίου ιουλ/ιουλίου αυγ/αυγούστου σεπ/σεπτεμβρίου οκτ/οκτωβρίου νοε/νοεμβρίου δεκ/δεκεμβρίου',
  'ינו/ינואר פבר/פברואר מרץ אפר/אפריל מאי יונ/יוני יול/יולי אוג/אוגוסט ספט/ספטמבר אוק/אוקטובר נוב/נובמבר דצמ/דצמבר',
  'ينا/يناير فبر/فبراير مار/مارس أبر/أبريل ماي/مايو يون/يونيو يول/يوليو أغس/أغسطس سبت/سبتمبر أكت/أكتوبر نوف/نوفمبر ديس/ديسمبر',
  'ม.ค ก.พ มี.ค เม.ย พ.ค มิ.ย ก.ค ส.ค ก.ย ต.ค พ.ย ธ.ค',
  'th01/th1 th02/th2 th03/th3 th04/th4 th05/th5 th06/th6 th07/th7 th08/th8 th09/th9 th10 th11 th12',
  '一月 二月 三月 四月 五月 六月 七月 八月 九月 十月 十一月 十二月',
];

/** A month of one language. */
export interface NamedMonth {
  /** The place of the language in {@link MONTH_NAMES}. */
  readonly language: number;
  readonly month: number;
}

/** Its tables are made when a name that is not English is first looked up. */
class MonthNames {
  #meanings: ReadonlyMap<string, readonly NamedMonth[]> | undefined;
  #numbers: ReadonlyMap<string, number> | undefined;

  get meanings(): ReadonlyMap<string, readonly NamedMonth[]> {
    this.#meanings ??= meaningsByName();
    return this.#meanings;
  }

  /** The number of each name, 0 where languages differ. */
  get numbers(): ReadonlyMap<string, number> {
    this.#numbers ??= new Map([...this.meanings].map(([name, meanings]) => [name, onlyMonth(meanings) ?? 0]));
    return this.#numbers;
  }
}

const ALL = /* @__PURE__ */ new MonthNames();
/** The English names: none of them is of another month in another language. */
const ENGLISH: ReadonlyMap<string, number> = /* @__PURE__ */ englishMonths();

function englishMonths(): ReadonlyMap<string, number> {
  const months = MONTH_NAMES[0]?.split(' ') ?? [];
  return new Map(months.flatMap((names, index) => names.split('/').map((name) => [name, index + 1])));
}

function meaningsByName(): ReadonlyMap<string, readonly NamedMonth[]> {
  const meanings = new Map<string, NamedMonth[]>();
  for (const [language, row] of MONTH_NAMES.entries()) {
    for (const [index, names] of row.split(' ').entries()) {
      for (const name of names.split('/').flatMap(withoutAccents)) {
        const others = meanings.get(name) ?? [];
        others.push({ language, month: index + 1 });
        meanings.set(name, others);
      }
    }
  }
  return meanings;
}

// Ranges, since a class such as \p{M} takes longer to compile than the table to make.
const LATIN_OR_GREEK = /^[a-z\u00df-\u024f\u0370-\u03ff]+$/;
const ACCENTS = /[\u0300-\u036f]/g;

/** A name, and as servers write it that drop its accents. */
function withoutAccents(name: string): readonly string[] {
  if (isAscii(name)) return [name];
  const bare = bareName(name);
  // In other scripts the marks are letters.
  return bare === name || !LATIN_OR_GREEK.test(bare) ? [name] : [name, bare];
}

function bareName(name: string): string {
  return name.normalize('NFD').replaceAll(ACCENTS, '').normalize('NFC');
}

/** The month that all of these are. */
export function onlyMonth(meanings: readonly NamedMonth[]): number | undefined {
  const first = meanings[0]?.month;
  return meanings.every(({ month }) => month === first) ? first : undefined;
}

/** No name is longer, with its dot or comma. */
const MAX_LENGTH = 14;

/**
 * The number of the month, 1 to 12 (in numbered months, `11月`, any); 0 when it is of one month in one language, and of another in
 * another; `undefined` when `word` names none.
 */
export function monthNumber(word: string): number | undefined {
  if (word.length > MAX_LENGTH) return undefined;
  if (beginsWithDigit(word)) return numberedMonth(word);
  const name = word.toLowerCase();
  return ENGLISH.get(name) ?? ALL.numbers.get(name) ?? spelledMonth(word);
}

function spelledMonth(word: string): number | undefined {
  const name = spelled(word);
  return name === undefined ? undefined : ALL.numbers.get(name);
}

/** The month that `word` means in each language. */
export function monthMeanings(word: string): readonly NamedMonth[] {
  const name = word.toLowerCase();
  return ALL.meanings.get(name) ?? ALL.meanings.get(spelled(word) ?? name) ?? [];
}

/**
 * The name in `word`: without its dot, with its accents joined to their letters or without them, and in characters of Latin-1;
 * `undefined` if that changes nothing.
 */
function spelled(word: string): string | undefined {
  const end = endOfName(word);
  if (end === word.length && isAscii(word)) return undefined;
  const name = word.slice(0, end).toLowerCase();
  if (ALL.numbers.has(name)) return name;
  const decoded = name.replaceAll(/[\udc80-\udcff]/g, latin1).normalize('NFC');
  if (ALL.numbers.has(decoded) || !isGreek(decoded)) return decoded;
  // Greek has the accents of the whole word in its short form, or those of the short form.
  return bareName(decoded);
}

/** Before a dot, a comma, or both. */
function endOfName(word: string): number {
  let end = word.length;
  while (end > 0 && end > word.length - 2 && (word.charAt(end - 1) === '.' || word.charAt(end - 1) === ',')) end -= 1;
  return end;
}

function isAscii(word: string): boolean {
  for (let index = 0; index < word.length; index += 1) {
    if (word.charCodeAt(index) > 0x7f) return false;
  }
  return true;
}

function isGreek(word: string): boolean {
  return /^[\u0370-\u03ff\u1f00-\u1fff]+$/.test(word);
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
 * The position at the end of `word` where the sign for a year, a month or a day begins (`3日`, `6월`); else the word's length. In Shift_JIS,
 * EUC or Big5 that were not decoded a sign is two characters, of which the second may be a letter.
 */
export function signStart(word: string): number {
  for (let start = word.length - 1; start > 0 && start >= word.length - 2; start -= 1) {
    if (word.charCodeAt(start) > 0x7f && beginsWithDigit(word.charAt(start - 1))) return start;
  }
  return word.length;
}

/** Recognises lines that are no files: sums of blocks in many languages, and headings. */
import { dosDirectory } from './dos-headings.js';

/** `total 8`, `Gesamt 12`, `总用量 8`, `total: 1.2M`, `total de 8`. */
const SUM =
  /^(i alt|iš viso|tổng cộng|סך הכל|\p{L}[\p{L}\p{M}"״'’]{0,20})(?: de)?(?:\s?[:：]\s{0,8}|\s{1,8})\d[\d.,]{0,20} ?[KMGTPEkmgtpe]?i?B?(?: (?:blocks|bytes))?$/u;
/** The words of `ls` for a sum. */
const SUM_WORDS: ReadonlySet<string> = /* @__PURE__ */ new Set(
  /* @__PURE__ */ (
    'total totale totaal totalt totali insgesamt gesamt summe yhteensä razem celkem spolu összesen toplam jumlah ' +
    'ukupno skupno kokku kopā viso iš итого всего всього общо разом укупно вкупно σύνολο suma sammanlagt guztira ' +
    'tổng samtals celkom skupaj усього загалом агулам barchasi cəmi сума sume entute iomlán барлығы 合計 合计 ' +
    '總計 总计 总用量 總用量 总数 總數 합계 총 รวม المجموع مجموع الإجمالي סהכ סה"כ סה״כ'
  )
    .split(' ')
    .concat('i alt', 'iš viso', 'tổng cộng', 'סך הכל'),
);
/** `Directory of /x`, `Volume in drive C`, `12 File(s) 3,456 bytes`, and before the sums of `dir /s`. */
const DOS_LINES =
  /^ ?(?:Directory of |Volume in drive |Volume Serial Number |\s*\d+ (?:File|Dir)\(s\)|\s{4,8}Total Files Listed:$)/i;
/** The same in other languages. Messages may have drives in them too, so the words are these. */
const LOCAL_DOS_LINES: readonly RegExp[] = [
  // `Datenträger in Laufwerk C: ist Windows`
  /^ ?(?:Datenträger in Laufwerk|Volume in Laufwerk|Le volume dans le lecteur|El volumen de la unidad|Il volume nell'unità|O volume na unidade|De volumenaam van station|Wolumin w stacji|Svazek v jednotce|Volymen i enhet|Том в устройстве) [A-Z]\b/i,
  // `Volumeseriennummer: 1234-ABCD`
  /^ ?\p{L}[\p{L} .]{5,40}:? [0-9A-F]{4}-[0-9A-F]{4}$/u,
  // `Total Files Listed:`, before the sums of `dir /s`
  /^ {4,8}(?:Anzahl der angezeigten Dateien|Nombre total de fichiers listés|Total de archivos en la lista) ?:$/i,
  // `12 Datei(en), 3.456 Bytes`, `2 Verzeichnis(se), 3.456 Bytes frei`
  /^\s*\d[\d.,\s]{0,12} \p{L}{3,20}(?:\(\p{L}{1,4}\))?\.?,?\s{1,20}\d[\d.,\s]{0,24} (?:bytes?|octets|bajt\p{L}{0,3}|байт\p{L}{0,2})(?: [\p{L} ]{1,20})?\.?$/iu,
];

/** No such line is longer. */
const MAX_LENGTH = 128;
const SPACE = 0x20;

/** Whether there is nothing in `text` but blanks of ASCII. Other blanks may belong to a name, such as U+00A0 and U+3000. */
export function isBlank(text: string): boolean {
  return !(text.charCodeAt(0) > SPACE) && /^[ \t\v\f\r\n]*$/.test(text);
}

/** Whether `line` is no file, beside any other lines. */
export function isDecoration(line: string): boolean {
  if (isBlank(line) || dosDirectory(line) !== undefined) return true;
  return line.length <= MAX_LENGTH && (DOS_LINES.test(line) || LOCAL_DOS_LINES.some((pattern) => pattern.test(line)));
}

/** Whether `line` is a sum, or among bare names the name of a file. */
export function isSum(line: string): boolean {
  if (line.length > MAX_LENGTH) return false;
  const word = SUM.exec(line.trim())?.[1];
  return word !== undefined && SUM_WORDS.has(word.toLowerCase());
}

/** Lines that stand for no file: sums of blocks in any language, headings, and words for an empty directory. */

/** `total 8`, `Gesamt 12`, `总用量 8`, `total: 1.2M`, `total de 8`, `8 total`. */
const SUM =
  /^\p{L}[\p{L}\p{M}]{1,20}(?: de)?\s?[:：]?\s{0,8}\d[\d.,]{0,20} ?[KMGTPEkmgtpe]?i?B?(?: (?:blocks|bytes))?$/u;
/** What `ls` calls a sum; in other letters than these, any word. */
const SUM_WORDS: ReadonlySet<string> = /* @__PURE__ */ new Set(
  /* @__PURE__ */ (
    'total totale totaal totalt totali insgesamt gesamt summe yhteensä razem celkem spolu összesen toplam jumlah ' +
    'ukupno skupno kokku kopā visoiš viso iš итого всего всього общо разом σύνολο suma totalt sammanlagt guztira'
  ).split(' '),
);
/** `Directory of C:\x`, `Volume in drive C`, `12 File(s) 3,456 bytes`, `(empty)`. */
const DOS_LINES = /^ ?(?:Directory of |Volume in drive |Volume Serial Number |\s*\d+ (?:File|Dir)\(s\))/i;

/** No such line is longer. */
const MAX_LENGTH = 128;

export function isDecoration(line: string): boolean {
  if (line.trim() === '') return true;
  if (line.length > MAX_LENGTH) return false;
  return isSum(line.trim()) || DOS_LINES.test(line);
}

function isSum(line: string): boolean {
  if (!SUM.test(line)) return false;
  const [word = ''] = /^[\p{L}\p{M}]+/u.exec(line) ?? [];
  return SUM_WORDS.has(word.toLowerCase()) || /^[^\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]+$/u.test(word);
}

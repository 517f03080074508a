/** Lines that stand for no file: sums of blocks in many languages, and headings. */

/** `total 8`, `Gesamt 12`, `总用量 8`, `total: 1.2M`, `total de 8`. */
const SUM =
  /^(\p{L}[\p{L}\p{M}]{0,20})(?: de)?(?:\s?[:：]\s{0,8}|\s{1,8})\d[\d.,]{0,20} ?[KMGTPEkmgtpe]?i?B?(?: (?:blocks|bytes))?$/u;
/** What `ls` calls a sum. */
const SUM_WORDS: ReadonlySet<string> = /* @__PURE__ */ new Set(
  /* @__PURE__ */ (
    'total totale totaal totalt totali insgesamt gesamt summe yhteensä razem celkem spolu összesen toplam jumlah ' +
    'ukupno skupno kokku kopā visoiš viso iš итого всего всього общо разом укупно вкупно σύνολο suma sammanlagt guztira ' +
    '合計 合计 總計 总计 总用量 總用量 总数 總數 합계 총 รวม المجموع مجموع סהכ'
  ).split(' '),
);
/** `Directory of C:\x`, `Volume in drive C`, `12 File(s) 3,456 bytes`, `(empty)`. */
const DOS_LINES = /^ ?(?:Directory of |Volume in drive |Volume Serial Number |\s*\d+ (?:File|Dir)\(s\))/i;

/** No such line is longer. */
const MAX_LENGTH = 128;

/** Whether `line` stands for no file, whatever the other lines are. */
export function isDecoration(line: string): boolean {
  return line.trim() === '' || (line.length <= MAX_LENGTH && DOS_LINES.test(line));
}

/** Whether `line` is a sum, or among bare names the name of a file. */
export function isSum(line: string): boolean {
  if (line.length > MAX_LENGTH) return false;
  const word = SUM.exec(line.trim())?.[1];
  return word !== undefined && SUM_WORDS.has(word.toLowerCase());
}

/** Recognises the headings of `dir`, and of `dir /s` before each directory: ` Directory of C:\pub`, in the languages of Windows. */

/** The words are these, since messages may have drives in them too. */
const BEFORE_PATH =
  /^ ?(?:Directory of|Verzeichnis von|Répertoire de|Directorio de|Directory di|Pasta de|Diretório de|Map van|Katalog(?:en)?|Adresář|Innehåll i|Содержимое папки)[: ] {0,2}((?:[A-Z]:|\\)\\.{0,4096})$/i;
const BEHIND_PATH = /^ ?([A-Z]:\\.{0,4096}?) ?(?:のディレクトリ|的目录|的目錄|디렉터리)$/i;
const MAX_LENGTH = 4200;

/** The directory that `line` is the heading of, with slashes; `undefined` when it is none. */
export function dosDirectory(line: string): string | undefined {
  if (line.length > MAX_LENGTH || !line.includes('\\')) return undefined;
  const path = BEFORE_PATH.exec(line)?.[1] ?? BEHIND_PATH.exec(line)?.[1];
  return path?.trimEnd().replaceAll('\\', '/');
}

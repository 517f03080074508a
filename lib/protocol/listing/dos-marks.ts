/** Recognises the marks in place of a size in a Windows listing: `<DIR>`, or a kind of link, in the server's language. */
import type { FileKind } from './file-entry.js';

const MARKS: Readonly<Partial<Record<string, FileKind>>> = /* @__PURE__ */ Object.freeze({
  '<DIR>': 'directory',
  '<REP>': 'directory',
  '<JUNCTION>': 'symlink',
  '<JONCTION>': 'symlink',
  '<VERBINDUNG>': 'symlink',
  '<SYMLINK>': 'symlink',
  '<SYMLINKD>': 'symlink',
});

/** The kind of file that a mark names, `other` for a mark that is not known; `undefined` when `text` is no mark. */
export function markedKind(text: string): FileKind | undefined {
  if (!text.startsWith('<')) return undefined;
  const mark = text.toUpperCase();
  if (Object.hasOwn(MARKS, mark)) return MARKS[mark];
  return /^<\p{L}{1,16}>$/u.test(mark) ? 'other' : undefined;
}

/** The name and kind in a row with a mark. */
export interface Marked {
  readonly name: string;
  readonly kind: FileKind;
  readonly target?: string | undefined;
}

/** `name [target]`, as `dir` shows links. Behind a mark that is not known, only a target that can be of no name shows a link. */
export function markedName(text: string, kind: FileKind): Marked {
  const bracket = kind === 'directory' || kind === 'file' || !text.endsWith(']') ? -1 : text.indexOf(' [');
  if (bracket === -1) return { name: text, kind };
  const target = text.slice(bracket + 2, -1);
  if (kind === 'other' && !/[\\:]/.test(target)) return { name: text, kind };
  return { name: text.slice(0, bracket), kind: 'symlink', target };
}

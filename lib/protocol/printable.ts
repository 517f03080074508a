/**
 * Makes text of a server safe to show: no control characters, no bidirectional overrides, bounded length.
 *
 * A reply or a file name must never steer a terminal or a log (ESC sequences, reversed names). Escapes have the form `\xNN` (also for the
 * raw bytes that the UTF-8 codec carries as U+DC80..U+DCFF) or `\u{N}`.
 */

/** The longest result of {@link printable} unless told otherwise, in code points of the input. */
const DEFAULT_MAX_LENGTH = 200;

/** Printable ASCII and nothing else, as nearly all text is: told by one look instead of one for each character. */
export const PLAIN: RegExp = /^[ -~]*$/;

function isUnsafe(codePoint: number): boolean {
  return (
    codePoint < 0x20 ||
    (codePoint >= 0x7f && codePoint <= 0x9f) ||
    codePoint === 0x61c ||
    (codePoint >= 0x200b && codePoint <= 0x200f) ||
    (codePoint >= 0x2028 && codePoint <= 0x202e) ||
    (codePoint >= 0x2060 && codePoint <= 0x206f) ||
    codePoint === 0xfeff ||
    (codePoint >= 0xd800 && codePoint <= 0xdfff)
  );
}

function escapeCodePoint(codePoint: number): string {
  if (codePoint >= 0xdc80 && codePoint <= 0xdcff) return `\\x${(codePoint - 0xdc00).toString(16)}`;
  if (codePoint <= 0xff) return `\\x${codePoint.toString(16).padStart(2, '0')}`;
  return `\\u{${codePoint.toString(16)}}`;
}

/**
 * `text` on one line, fit for an error message or a log.
 *
 * @param text anything a server may have sent.
 * @param maxLength the number of shown code points of `text`; an ellipsis marks the cut.
 */
export function printable(text: string, maxLength: number = DEFAULT_MAX_LENGTH): string {
  if (text.length <= maxLength && PLAIN.test(text)) return text;
  let shown = '';
  let count = 0;
  for (const character of text) {
    if (count === maxLength) return `${shown}…`;
    count += 1;
    const codePoint = character.codePointAt(0) ?? 0;
    shown += isUnsafe(codePoint) ? escapeCodePoint(codePoint) : character;
  }
  return shown;
}

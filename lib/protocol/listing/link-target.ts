/**
 * Splits `name -> target` into a link's name and target. Names may contain arrows. The size of a link is the length of its target in bytes.
 * If an arrow stands exactly that many bytes before the end, it counts; otherwise the first arrow counts.
 */
export interface NameAndTarget {
  readonly name: string;
  readonly target: string | undefined;
}

const ARROW = ' -> ';

/** A server that follows links shows no target. */
export function splitLink(text: string, size: number | undefined): NameAndTarget {
  const first = text.indexOf(ARROW);
  if (first === -1) return { name: text, target: undefined };
  const arrow = size === undefined || text.lastIndexOf(ARROW) === first ? first : (arrowBefore(text, size) ?? first);
  return { name: text.slice(0, arrow), target: text.slice(arrow + ARROW.length) };
}

/** The arrow that is `bytes` before the end, if there is one. */
function arrowBefore(text: string, bytes: number): number | undefined {
  let at = text.length;
  let left = bytes;
  while (left > 0 && at > 0) {
    at -= 1;
    left -= utf8Bytes(text.charCodeAt(at));
  }
  const arrow = at - ARROW.length;
  return left === 0 && arrow > 0 && text.startsWith(ARROW, arrow) ? arrow : undefined;
}

/** Of one unit of UTF-16. A low surrogate alone stands for one byte that was no UTF-8; a pair has four. */
function utf8Bytes(unit: number): number {
  if (unit < 0x80 || (unit >= 0xdc80 && unit <= 0xdcff)) return 1;
  if (unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff)) return 2;
  return 3;
}

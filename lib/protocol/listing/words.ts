/** A line cut at its spaces, with the place of each word: the columns of a listing, read once from left to right. */
export interface Word {
  readonly text: string;
  readonly start: number;
  /** Just past the last character. */
  readonly end: number;
}

const SPACE = 0x20;

/** The first `limit` words of `line`. */
export function words(line: string, limit: number): readonly Word[] {
  const found: Word[] = [];
  let start = 0;
  while (found.length < limit) {
    while (line.charCodeAt(start) === SPACE) start += 1;
    if (start >= line.length) break;
    const space = line.indexOf(' ', start);
    const end = space === -1 ? line.length : space;
    found.push({ text: line.slice(start, end), start, end });
    start = end;
  }
  return found;
}

/** Lines of text as the source of an upload in the ASCII type. */
import type { Observable } from 'rxjs';
import { isObservable } from 'rxjs';
import { iterate } from '../../streams/iterate.js';

/** Lines are sent in pieces of about this many characters. */
const PIECE_CHARACTERS = 32 * 1024;

/** Each line, ended by LF (which the ASCII type sends as CRLF), in the session's encoding. */
export async function* encodedLines(
  source: Observable<string> | Iterable<string> | AsyncIterable<string>,
  encode: (text: string) => Uint8Array,
): AsyncGenerator<Uint8Array, undefined> {
  let piece = '';
  for await (const line of isObservable(source) ? iterate(source) : source) {
    piece += `${line.replace(/\r?\n$|\r$/, '')}\n`;
    if (piece.length < PIECE_CHARACTERS) continue;
    yield encode(piece);
    piece = '';
  }
  if (piece !== '') yield encode(piece);
}

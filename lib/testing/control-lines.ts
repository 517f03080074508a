/**
 * Splits the bytes of a control connection into command lines.
 *
 * By RFC 959 section 4.1.3, a client sends ABOR as urgent data, behind the IP and Synch of Telnet (RFC 854). Node leaves the last urgent
 * byte out of the stream. Python's ftplib loses the LF so, and `ABOR` with CR is a whole command here.
 */
import { decodeUtf8 } from '../protocol/encoding.js';
import { LineDecoder } from '../protocol/line-decoder.js';

const MAX_LINE_BYTES = 64 * 1024;
const LF = 0x0a;
const CR = 0x0d;

/** The line of an ABOR with the bytes of Telnet is no longer than this. */
const MAX_ABOR_BYTES = 16;

export class ControlLines {
  readonly #decoder = new LineDecoder({ maxLineBytes: MAX_LINE_BYTES });
  /** The line before was an ABOR without LF. If only TCP has cut it there, the LF comes now. */
  #isLfMissing = false;

  /** The commands that `bytes` complete. Throws when a line is longer than 64 KiB. */
  push(bytes: Uint8Array): string[] {
    const isRest = this.#isLfMissing && bytes[0] === LF;
    this.#isLfMissing = false;
    const lines = this.#decoder.push(isRest ? bytes.subarray(1) : bytes).map(commandOf);
    if (!this.#isUrgentAbort()) return lines;
    this.#decoder.end();
    this.#isLfMissing = true;
    return [...lines, 'ABOR'];
  }

  #isUrgentAbort(): boolean {
    const { pending } = this.#decoder;
    if (pending.length > MAX_ABOR_BYTES || pending.at(-1) !== CR) return false;
    return commandOf(pending.subarray(0, -1)).toUpperCase() === 'ABOR';
  }
}

/** The text of a line, without the bytes of Telnet before the verb. No verb begins with one of them. */
function commandOf(line: Uint8Array): string {
  const first = line.findIndex((byte) => byte < 0xf0);
  return decodeUtf8(first === -1 ? new Uint8Array(0) : line.subarray(first));
}

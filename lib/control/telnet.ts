/**
 * Handles the byte 0xFF on the control connection, which belongs to Telnet (RFC 959 section 3, RFC 854). There it is IAC, the beginning of
 * a Telnet command, and a literal 0xFF must be doubled. Few servers keep to that, each in its own way.
 */
import type { Features } from '../protocol/features.js';
import type { Reply } from '../protocol/reply.js';
import type { TextCodec } from './settings.js';

const IAC = 0xff;
/** vsftpd's answer to USER. `ftpd_banner` changes its greeting, but no setting changes this. */
const VSFTPD_ASKS = 'Please specify the password.';
/** The parameters of ProFTPD's MFF in FEAT, which `ServerIdent off` leaves as they are. */
const PROFTPD_MFF = 'modify;UNIX.group;UNIX.mode;';

/** Whether this reply to USER shows a server that doubles 0xFF in its replies, with any greeting. */
export function showsDoubling({ code, text }: Reply): boolean {
  return code === 331 && text === VSFTPD_ASKS;
}

/**
 * Whether these features show a server that needs 0xFF twice in commands, with any greeting. inetutils ftpd names LPRT and LPSV, from BSD's
 * ftpd, and reads commands as Telnet.
 */
export function wantsDoubling(features: Features): boolean {
  return features.parameters('MFF') === PROFTPD_MFF || (features.has('LPRT') && features.has('LPSV'));
}

/** Doubles each 0xFF. */
export function doubleIac(bytes: Uint8Array): Uint8Array {
  if (!bytes.includes(IAC)) return bytes;
  return Uint8Array.from([...bytes].flatMap((byte) => (byte === IAC ? [IAC, IAC] : [byte])));
}

/** The text with one 0xFF in place of two, as it is in the encoding of `codec`. */
export function withoutDoubledIac(text: string, codec: TextCodec): string {
  const bytes = codec.encode(text);
  const single: number[] = [];
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index] ?? 0;
    single.push(byte);
    if (byte === IAC && bytes[index + 1] === IAC) index += 1;
  }
  return single.length === bytes.length ? text : codec.decode(Uint8Array.from(single));
}

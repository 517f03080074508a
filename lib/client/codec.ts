/** The text codec that the option `encoding` names. */
import type { TextCodec } from '../control/settings.js';
import { FtpUsageError } from '../errors.js';
import { decodeLatin1, decodeUtf8, encodeLatin1, encodeUtf8 } from '../protocol/encoding.js';
import type { FtpDefaults } from './options.js';

const UTF8: TextCodec = /* @__PURE__ */ Object.freeze({ name: 'utf8', encode: encodeUtf8, decode: decodeUtf8 });
const LATIN1: TextCodec = /* @__PURE__ */ Object.freeze({ name: 'latin1', encode: encodeLatin1, decode: decodeLatin1 });

export function codecFor(encoding: FtpDefaults['encoding']): TextCodec {
  if (encoding === 'utf8') return UTF8;
  if (encoding === 'latin1') return LATIN1;
  // JavaScript code can give anything.
  const { encode, decode } = Object(encoding) as Partial<typeof encoding>;
  if (typeof encode === 'function' && typeof decode === 'function') {
    return Object.freeze({ name: 'custom', encode, decode });
  }
  throw new FtpUsageError("The option encoding must be 'utf8', 'latin1', or an object with encode and decode.");
}

/** Finds the text codec that the option `encoding` names. */
import type { TextCodec } from '../control/settings.js';
import { FtpUsageError } from '../errors.js';
import { Charset } from '../protocol/charset/charset.js';
import { decodeLatin1, decodeUtf8, encodeLatin1, encodeUtf8 } from '../protocol/encoding.js';
import { namesLatin1 } from '../protocol/latin1.js';
import { printable } from '../protocol/printable.js';
import type { FtpDefaults } from './options.js';

const UTF8: TextCodec = /* @__PURE__ */ Object.freeze({ name: 'utf8', encode: encodeUtf8, decode: decodeUtf8 });
const LATIN1: TextCodec = /* @__PURE__ */ Object.freeze({ name: 'latin1', encode: encodeLatin1, decode: decodeLatin1 });

/** Their bytes are no extension of ASCII, in which commands and replies are written. */
const NOT_ASCII = /^(?:utf-16|iso-2022-|replacement)/;

const ALLOWED =
  "'utf8', 'latin1', a label of TextDecoder whose encoding extends ASCII (such as 'windows-1251', 'gbk' or 'shift_jis'), or an object with encode and decode";

/** Throws FtpUsageError for an unknown encoding, or an unusable one. The tables of a charset are made when first needed. */
export function codecFor(encoding: FtpDefaults['encoding']): TextCodec {
  if (encoding === 'utf8') return UTF8;
  if (typeof encoding === 'string') return labelled(encoding);
  // JavaScript code can give anything.
  const { encode, decode } = Object(encoding) as Partial<typeof encoding>;
  if (typeof encode === 'function' && typeof decode === 'function') {
    return Object.freeze({ name: 'custom', encode, decode });
  }
  throw new FtpUsageError(`The option encoding must be ${ALLOWED}.`);
}

function labelled(label: string): TextCodec {
  if (namesLatin1(label)) return LATIN1;
  const { encoding } = openDecoder(label);
  if (encoding === 'utf-8') return UTF8;
  if (NOT_ASCII.test(encoding))
    throw refused(label, 'its bytes are no extension of ASCII, in which FTP has its commands');
  const charset = new Charset(encoding, (bytes) => decodeWhole(encoding, bytes));
  return Object.freeze({
    name: 'charset',
    encode: (text: string) => charset.encode(text),
    decode: (bytes: Uint8Array) => charset.decode(bytes),
  });
}

function openDecoder(label: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(label, { ignoreBOM: true });
  } catch (cause) {
    const why = 'this Node.js has no such encoding, or was built without it (small-icu)';
    throw refused(label, why, cause);
  }
}

function refused(label: string, why: string, cause?: unknown): FtpUsageError {
  return new FtpUsageError(`The option encoding cannot be '${printable(label, 40)}': ${why}. It must be ${ALLOWED}.`, {
    cause,
  });
}

function decodeWhole(encoding: string, bytes: Uint8Array): string {
  const decoder = openDecoder(encoding);
  // With `stream`: Node.js 20 to 23 decodes windows-1252 as ISO 8859-1 without it.
  return decoder.decode(bytes, { stream: true }) + decoder.decode();
}

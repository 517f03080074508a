/** Names the faults of the keys and certificates in `tls`. Node ignores most faults of `ca`, and OpenSSL names none of them plainly. */
import type { ConnectionOptions } from 'node:tls';
import { nodeCrypto } from './builtins.js';

/** A long sequence of ASN.1; read as UTF-8, its second byte is a replacement character. */
const DER = /^0[\x81-\x84\ufffd]/;

/** The names of PEM blocks (RFC 7468), as the plain words for them. */
const BLOCKS = [
  [/PRIVATE KEY$/, 'a private key'],
  [/PUBLIC KEY$/, 'a public key'],
  [/CERTIFICATE REQUEST$/, 'a certificate request'],
  [/CERTIFICATE$/, 'a certificate'],
  [/CRL$/, 'a revocation list'],
] as const;

type Content = (typeof BLOCKS)[number][1] | 'something else';

/** Options that hold PEM, and the kind of block that each must hold. */
const PEM: Readonly<Record<'ca' | 'cert' | 'key' | 'crl', Content>> = {
  ca: 'a certificate',
  cert: 'a certificate',
  key: 'a private key',
  crl: 'a revocation list',
};

/** Why the content of `ca`, `cert`, `key`, `crl` or `pfx` cannot be used; undefined if no fault is found. It shows no value. */
export function contentFault(options: ConnectionOptions): string | undefined {
  for (const name of ['ca', 'cert', 'key', 'crl'] as const) {
    for (const text of textsOf(options[name])) {
      const fault = formFault(name, text) ?? blockFault(name, text);
      if (fault !== undefined) return `${name} ${fault}`;
    }
  }
  // A PKCS #12 file is binary.
  const isText = textsOf(options.pfx).some((text) => /^[\x20-\x7e]*$/.test(text));
  return isText ? `pfx holds no PKCS #12. ${contentOf('pfx')}` : undefined;
}

/** A path in place of the file's content is the usual mistake. */
function formFault(name: string, text: string): string | undefined {
  if (text.includes('-----BEGIN ')) return undefined;
  if (DER.test(text)) return 'holds DER, and must be PEM: openssl converts it, from -inform DER';
  return `holds no PEM text. ${contentOf(name)}`;
}

function blockFault(name: keyof typeof PEM, text: string): string | undefined {
  // OpenSSL looks for a block at the beginning of a line only.
  const blocks = text.split(/^-----BEGIN /m).slice(1);
  if (blocks.length === 0) return 'holds PEM whose lines are indented: let each line begin at its first column';
  const cut = blocks.find((block) => !isWhole(block));
  if (cut !== undefined) return cutFault(cut);
  const held = blocks.map(contentIn);
  if (!held.includes(PEM[name])) return `holds ${held.join(', ')} in place of ${PEM[name]}`;
  return name === 'ca' && !blocks.every(isReadable) ? 'holds a certificate that cannot be read' : undefined;
}

function cutFault(block: string): string {
  if (block.includes('\\n')) return 'holds PEM in one line: its line breaks are written as \\n, and must be real ones';
  return `ends in the middle of ${contentIn(block)}`;
}

/** Whether the block has an end of its own, at the beginning of a line as OpenSSL wants it. */
function isWhole(block: string): boolean {
  return block.includes(`\n-----END ${labelOf(block)}-----`);
}

/** Whether OpenSSL can read the block, if that is a certificate. Node stops at the first one of `ca` that it cannot read. */
function isReadable(block: string): boolean {
  if (contentIn(block) !== 'a certificate') return true;
  const { X509Certificate } = nodeCrypto();
  try {
    return new X509Certificate(`-----BEGIN ${block}`).raw.length > 0;
  } catch {
    return false;
  }
}

function contentIn(block: string): Content {
  const label = labelOf(block);
  return BLOCKS.find(([pattern]) => pattern.test(label))?.[1] ?? 'something else';
}

/** The text between `-----BEGIN ` and its dashes, as far as that is there. */
function labelOf(block: string): string {
  return /^[A-Z0-9 ]*/.exec(block)?.[0] ?? '';
}

function contentOf(name: string): string {
  return `Give the content of the file, not its path: ${name}: readFileSync(path)`;
}

/** The texts in an option that may be one or many, as text or bytes. A value of another type is left to node. */
function textsOf(option: unknown): string[] {
  return [option].flat().flatMap((item) => {
    const { pem, buf } = Object(item) as { readonly pem?: unknown; readonly buf?: unknown };
    const value = pem ?? buf ?? item;
    if (typeof value === 'string') return [value];
    return ArrayBuffer.isView(value)
      ? [Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1')]
      : [];
  });
}

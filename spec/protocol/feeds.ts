/** The ways bytes may come: framing must not care. */

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
export const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

/** `bytes` in one chunk, byte by byte, and in chunks of a few sizes. */
export function feeds(bytes: Uint8Array): readonly { readonly feed: string; readonly chunks: readonly Uint8Array[] }[] {
  return [
    { feed: 'whole', chunks: [bytes] },
    { feed: 'byte by byte', chunks: cut(bytes, 1) },
    { feed: 'in pieces of 2', chunks: cut(bytes, 2) },
    { feed: 'in pieces of 7', chunks: cut(bytes, 7) },
  ];
}

/** `bytes` in pieces of `size`; each piece has memory of its own, as a socket's reads have. */
export function cut(bytes: Uint8Array, size: number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; start += size) pieces.push(bytes.slice(start, start + size));
  return pieces;
}

/** `bytes` cut at random places. */
export function cutAt(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const edges = [...new Set([0, ...places.map((place) => place % (bytes.length + 1)), bytes.length])].sort(
    (a, b) => a - b,
  );
  return edges.slice(1).map((edge, index) => bytes.slice(edges[index], edge));
}

/**
 * Computes CRC-32 as in ZIP and PNG (ISO 3309, reflected). It uses `node:zlib` if Node has it there (20.15, 22.2), and else a table.
 */
import { nodeZlib } from '../net/builtins.js';

const POLYNOMIAL = 0xedb8_8320;

/** Continues the checksum `before` with `bytes`. */
export type Crc32 = (bytes: Uint8Array, before: number) => number;

/** Node's own, or else the one by a table. */
export function openCrc32(): Crc32 {
  const { crc32 } = nodeZlib() as { readonly crc32?: Crc32 };
  return crc32 ?? crc32ByTable();
}

/** For Node before 20.15. */
export function crc32ByTable(): Crc32 {
  const table = makeTable();
  return (bytes, before) => {
    let crc = ~before;
    for (const byte of bytes) crc = (table[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
    return ~crc >>> 0;
  };
}

function makeTable(): Int32Array {
  return Int32Array.from({ length: 256 }, (_, index) => {
    let entry = index;
    for (let bit = 0; bit < 8; bit += 1) entry = (entry & 1) === 0 ? entry >>> 1 : (entry >>> 1) ^ POLYNOMIAL;
    return entry;
  });
}

/** Makes the content of the bench's files. */
import { randomBytes } from 'node:crypto';
import { open, writeFile } from 'node:fs/promises';

const pieceBytes = 2 ** 20;

/** Bytes that cannot be compressed, the same mebibyte again and again. */
export async function writeRandom(path: string, bytes: number): Promise<void> {
  const piece = randomBytes(pieceBytes);
  const file = await open(path, 'w');
  try {
    for (let left = bytes; left > 0; left -= pieceBytes) await file.write(piece, 0, Math.min(left, pieceBytes));
  } finally {
    await file.close();
  }
}

/** A line of MLSD as Pure-FTPd and ProFTPD write it. */
export function mlsdLine(index: number): string {
  const time = `2024${two(1 + (index % 12))}${two(1 + (index % 28))}${two(index % 24)}${two(index % 60)}00`;
  const facts = `type=file;size=${index * 37};modify=${time};UNIX.mode=0644;UNIX.uid=1000;UNIX.gid=1000;unique=801g${index}`;
  return `${facts}; measurement-${index}.csv`;
}

/** A line of LIST as `ls -l` writes it. */
export function listLine(index: number): string {
  const month = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun'][index % 6];
  const size = String(index * 37).padStart(10);
  return `-rw-r--r--    1 1000     1000     ${size} ${month} ${two(1 + (index % 28))}  2023 measurement-${index}.csv`;
}

export async function writeListing(path: string, kind: 'mlsd' | 'list', count: number): Promise<void> {
  const line = kind === 'mlsd' ? mlsdLine : listLine;
  await writeFile(path, Array.from({ length: count }, (_, index) => `${line(index)}\r\n`).join(''));
}

const two = (number: number): string => String(number).padStart(2, '0');

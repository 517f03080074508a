/**
 * Keeps the map of a partial file that several transfers write. It is a file beside that one, with a line `start end checksum` for each
 * finished range. The bytes of a range are on the disk before its line is written. So the map claims no byte that a crash can destroy. A
 * killed process leaves at most a last line without its end. A reader ignores that line, and every line behind a bad one.
 */
import { constants } from 'node:fs';
import { type FileHandle, lstat, open, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { nodeCrypto } from '../../net/builtins.js';
import { openRegular } from '../../sinks/regular-file.js';
import type { Range } from './ranges.js';

/** A longer map is not read: it is not one of these. */
const LARGEST_BYTES = 64 * 1024 * 1024;
const LINE = /^(\d{1,16}) (\d{1,16}) [0-9a-f]{8}$/;
const CHECKSUM_DIGITS = 8;
/** As `'a'` of Node. */
const TO_APPEND = constants.O_APPEND | constants.O_CREAT | constants.O_WRONLY;

/** The content of a map. */
export interface MapContent {
  readonly ranges: readonly Range[];
  /** The number of its bytes that are whole lines, and the number of these lines. */
  readonly wholeBytes: number;
  readonly bytes: number;
}

export class RangeMap {
  readonly #path: string;
  readonly #kept: MapContent | undefined;
  #handle: FileHandle | undefined;
  /** It is one of this download's. */
  #isMine: boolean;
  /** The ranges of the last lines, by their starts. */
  readonly #claimed = new Map<number, number>();
  #saving: Promise<void> = Promise.resolve();

  /** `kept`: its content, if it is there; without it the file is made, and must not be there. */
  constructor(path: string, kept?: MapContent | undefined) {
    this.#path = path;
    this.#kept = kept;
    this.#isMine = kept !== undefined;
  }

  /** Adds `ranges` of the file `data`, all of whose bytes are written to it. Calls are done one after the other. */
  save(data: FileHandle, ranges: readonly Range[]): Promise<void> {
    const saved = this.#saving.then(() => this.#save(data, ranges));
    this.#saving = saved.catch(() => undefined);
    return saved;
  }

  async close(): Promise<void> {
    await this.#saving;
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close();
  }

  /** Closes and removes it, if it is one of this download's. */
  async remove(): Promise<void> {
    await this.close();
    if (this.#isMine) await rm(this.#path, { force: true });
  }

  async #save(data: FileHandle, ranges: readonly Range[]): Promise<void> {
    const news = ranges.filter(({ start, end }) => end > start && this.#claimed.get(start) !== end);
    if (news.length === 0) return;
    await data.datasync();
    this.#handle ??= await this.#open();
    this.#isMine = true;
    await this.#handle.appendFile(news.map((range) => mapLine(this.#path, range)).join(''));
    for (const { start, end } of news) this.#claimed.set(start, end);
  }

  async #open(): Promise<FileHandle> {
    if (this.#kept === undefined) return open(this.#path, 'ax');
    const { bytes, wholeBytes } = this.#kept;
    const { handle, found } = await openRegular(this.#path, { followsLinks: false, flags: TO_APPEND });
    if (found.size !== bytes) {
      await handle.close();
      throw new Error(`Cannot go on with ${this.#path}: it has changed. Another download is writing to it.`);
    }
    // A line that was cut off must not begin the next one.
    if (wholeBytes < bytes) await handle.truncate(wholeBytes);
    return handle;
  }
}

/** The name of the map of a partial file: as long as that, less a character. */
export function mapPathOf(partial: string): string {
  return partial.replace(/\.part$/, '.map');
}

/** The content of the map at `path`, for a file of `size` bytes; undefined if there is no reliable map. */
export async function readMap(path: string, size: number): Promise<MapContent | undefined> {
  const found = await lstat(path).catch(() => undefined);
  if (found?.isFile() !== true || found.size > LARGEST_BYTES) return undefined;
  const { handle } = await openRegular(path, { followsLinks: false });
  try {
    return parseMap(await handle.readFile('latin1'), size, path);
  } finally {
    await handle.close();
  }
}

/**
 * The line of a range in the map at `path`. Its checksum includes the map's name, which tells the state of the remote file. A line with
 * another digit, or of another map, would claim missing bytes.
 */
export function mapLine(path: string, { start, end }: Range): string {
  const range = `${start} ${end}`;
  const digest = nodeCrypto()
    .createHash('sha256')
    .update(`${basename(path)} ${range}`)
    .digest('hex');
  return `${range} ${digest.slice(0, CHECKSUM_DIGITS)}\n`;
}

/** Reads the whole lines of the map at `path`, up to the first that is none. */
export function parseMap(text: string, size: number, path: string): MapContent {
  const ranges: Range[] = [];
  let at = 0;
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', at)) {
    const range = rangeOf(text.slice(at, end), size, path);
    if (range === undefined) break;
    ranges.push(range);
    at = end + 1;
  }
  return { ranges, wholeBytes: at, bytes: text.length };
}

function rangeOf(line: string, size: number, path: string): Range | undefined {
  const [, start, end] = LINE.exec(line) ?? [];
  const range = { start: Number(start), end: Number(end) };
  const isRange = range.start < range.end && range.end <= size;
  return isRange && mapLine(path, range) === `${line}\n` ? range : undefined;
}

/** Bars on stderr for work on a tree: one for all of it, and one for each file that is under way. */
import { MultiBar, type SingleBar } from 'cli-progress';
import type { TransferProgress } from '../../index.js';
import { sizeText } from './entry-view.js';
import type { Output } from './output.js';
import { durationText } from './progress-bar.js';

const FORMAT = '{name} [{bar}] {bytes} of {size}  {rate}/s  {left} left';

export class TreeBars {
  readonly #output: Output;
  readonly #files = new Map<string, { readonly bar: SingleBar; bytes: number }>();
  #bars: MultiBar | undefined;
  #all: SingleBar | undefined;
  #total = 0;
  #moved = 0;
  #startedAt = 0;

  constructor(output: Output) {
    this.#output = output;
  }

  /** `bytes`: of all files. */
  start(bytes: number): void {
    if (!this.#output.showsProgress) return;
    this.#total = bytes;
    this.#startedAt = performance.now();
    this.#all = this.#create('in all', bytes);
  }

  /** How one file gets on. */
  show({ path = '', bytes, total, bytesPerSecond, etaMs }: TransferProgress): void {
    if (!this.#output.showsProgress) return;
    const file = this.#files.get(path) ?? { bar: this.#create(this.#output.safe(path), total ?? 0), bytes: 0 };
    this.#files.set(path, file);
    this.#moved += bytes - file.bytes;
    file.bytes = bytes;
    if (total !== undefined) file.bar.setTotal(total);
    file.bar.update(bytes, payload(bytes, total, bytesPerSecond, etaMs));
    const rate = (this.#moved / Math.max(1, performance.now() - this.#startedAt)) * 1000;
    const left = rate === 0 ? undefined : (Math.max(0, this.#total - this.#moved) / rate) * 1000;
    this.#all?.update(this.#moved, payload(this.#moved, this.#total, rate, left));
  }

  /** The step of `path` is over. */
  over(path: string): void {
    const file = this.#files.get(path);
    if (file === undefined) return;
    this.#files.delete(path);
    this.#bars?.remove(file.bar);
  }

  /** Writes a line above the bars; false where there are none on the terminal that stdout is. */
  log(line: string): boolean {
    if (this.#bars === undefined || !this.#output.isTerminal) return false;
    this.#bars.log(`${line}\n`);
    return true;
  }

  end(): void {
    this.#bars?.stop();
    this.#bars = undefined;
    this.#all = undefined;
    this.#files.clear();
  }

  #create(name: string, total: number): SingleBar {
    this.#bars ??= new MultiBar({
      stream: this.#output.progressStream as NodeJS.WritableStream,
      format: FORMAT,
      clearOnComplete: true,
      hideCursor: true,
      barsize: 24,
      fps: 10,
    });
    return this.#bars.create(total, 0, { name, ...payload(0, total, 0, undefined) });
  }
}

function payload(bytes: number, total = 0, rate: number, leftMs: number | undefined): Record<string, string> {
  return {
    bytes: sizeText(bytes),
    size: sizeText(total),
    rate: sizeText(Math.round(rate)),
    left: leftMs === undefined ? '-' : durationText(leftMs),
  };
}

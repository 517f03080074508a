/** Draws bars on stderr for work on a tree: one for all of it, and one for each running transfer. */
import { MultiBar, type SingleBar } from 'cli-progress';
import type { TransferProgress } from '../../index.js';
import type { Plan } from '../../recipes/index.js';
import { sizeText } from './entry-view.js';
import type { Output } from './output.js';
import { durationText } from './progress-bar.js';

const FORMAT = '{name} [{bar}] {bytes} of {size}  {rate}/s  {left} left';
/** Shown while the size of a file is unknown. */
const UNKNOWN = '{name}  {bytes}  {rate}/s';

export class TreeBars {
  readonly #output: Output;
  readonly #files = new Map<string, { readonly bar: SingleBar; bytes: number }>();
  /** The sizes of the plan, by path: a slowed source does not name its size. */
  #sizes: ReadonlyMap<string, number> = new Map();
  #bars: MultiBar | undefined;
  #all: SingleBar | undefined;
  #total = 0;
  #moved = 0;
  #startedAt = 0;

  constructor(output: Output) {
    this.#output = output;
  }

  start({ steps, totals: { bytes } }: Plan): void {
    if (!this.#output.showsProgress) return;
    this.#sizes = new Map(steps.flatMap((step) => (step.bytes === undefined ? [] : [[step.path, step.bytes]])));
    this.#total = bytes;
    this.#startedAt = performance.now();
    this.#all = this.#create('in all', bytes);
  }

  /** The progress of one file. */
  show({ path = '', bytes, total = this.#sizes.get(path), bytesPerSecond, etaMs }: TransferProgress): void {
    if (!this.#output.showsProgress) return;
    const file = this.#files.get(path) ?? { bar: this.#create(this.#output.safe(path), total), bytes: 0 };
    this.#files.set(path, file);
    this.#moved += bytes - file.bytes;
    file.bytes = bytes;
    if (total !== undefined) file.bar.setTotal(total);
    const leftMs = etaMs ?? (total === undefined ? undefined : ((total - bytes) / Math.max(1, bytesPerSecond)) * 1000);
    file.bar.update(bytes, payload(bytes, total, bytesPerSecond, leftMs));
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

  /** Writes a line above the bars; false if there are none on the terminal that stdout is. */
  log(line: string): boolean {
    if (this.#bars === undefined || !this.#output.isTerminal) return false;
    this.#bars.log(`${line}\n`);
    return true;
  }

  end(): void {
    // The bars and the last log line are written together.
    this.#bars?.update();
    this.#bars?.stop();
    this.#bars = undefined;
    this.#all = undefined;
    this.#files.clear();
  }

  #create(name: string, total: number | undefined): SingleBar {
    this.#bars ??= new MultiBar({
      stream: this.#output.progressStream as NodeJS.WritableStream,
      format: FORMAT,
      clearOnComplete: true,
      hideCursor: true,
      barsize: 24,
      fps: 10,
    });
    const format = total === undefined ? UNKNOWN : FORMAT;
    return this.#bars.create(total ?? 0, 0, { name, ...payload(0, total, 0, undefined) }, { format });
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

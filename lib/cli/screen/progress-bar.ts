/** Draws a progress bar on stderr, for a transfer that a person waits for. */
import { SingleBar } from 'cli-progress';
import { defer, finalize, type MonoTypeOperatorFunction, tap } from 'rxjs';
import type { TransferProgress } from '../../index.js';
import { sizeText } from './entry-view.js';
import type { Output } from './output.js';

const KNOWN = '{name} [{bar}] {percentage}%  {bytes} of {size}  {rate}/s  {left} left';
const UNKNOWN = '{name}  {bytes}  {rate}/s';

/** Shows the values that pass, if a bar may be drawn. The line is taken away when the transfer is over, whatever ends it. */
export function withProgressBar<P extends TransferProgress>(output: Output, name: string): MonoTypeOperatorFunction<P> {
  if (!output.showsProgress) return (source) => source;
  return (source) =>
    defer(() => {
      const bar = new Bar(output, name);
      return source.pipe(
        // Before the end is passed on, so that later text has its own line.
        tap({ next: (progress) => bar.show(progress), complete: () => bar.end(), error: () => bar.end() }),
        finalize(() => bar.end()),
      );
    });
}

class Bar {
  readonly #output: Output;
  readonly #name: string;
  #bar: SingleBar | undefined;

  constructor(output: Output, name: string) {
    this.#output = output;
    this.#name = output.safe(name);
  }

  show(progress: TransferProgress): void {
    const { bytes, total } = progress;
    this.#bar ??= this.#start(total);
    if (total !== undefined) this.#bar.setTotal(total);
    this.#bar.update(bytes, this.#payload(progress));
  }

  end(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }

  #start(total: number | undefined): SingleBar {
    const stream = this.#output.progressStream as NodeJS.WritableStream;
    const format = total === undefined ? UNKNOWN : KNOWN;
    const bar = new SingleBar({ stream, format, clearOnComplete: true, hideCursor: true, barsize: 24, fps: 10 });
    bar.start(total ?? 0, 0, { name: this.#name, bytes: '0 B', size: '', rate: '0 B', left: '-' });
    return bar;
  }

  #payload({ bytes, total, bytesPerSecond, etaMs }: TransferProgress): Record<string, string> {
    return {
      bytes: sizeText(bytes),
      size: total === undefined ? '' : sizeText(total),
      rate: sizeText(Math.round(bytesPerSecond)),
      left: etaMs === undefined ? '-' : durationText(etaMs),
    };
  }
}

/** `4s`, `3m 05s`, `2h 10m`. */
export function durationText(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  const pad = (value: number): string => String(value).padStart(2, '0');
  if (minutes < 60) return `${minutes}m ${pad(seconds % 60)}s`;
  return `${Math.floor(minutes / 60)}h ${pad(minutes % 60)}m`;
}

/**
 * The screen of `npm start`: headings, lines, and one live line, which a terminal redraws and a file gets in a few steps.
 *
 * Everything that came from a server is made printable first: a file name must not steer a terminal.
 */
import { formatReply, printable, type Reply } from '../../lib/protocol/index.js';

/** The output; `process.stdout` is one. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const CLEAR_LINE = '\r\u001b[2K';
/** If there is no terminal, the live line is printed at each of these shares of the whole. */
const STEP = 0.25;

export class Screen {
  readonly #output: Output;
  #live = false;
  #printed = 0;
  #steps = 0;

  constructor(output: Output) {
    this.#output = output;
  }

  /** A line that belongs to no step. */
  say(text: string): void {
    this.#print(printable(text));
  }

  heading(text: string): void {
    this.#steps += 1;
    this.#print(`\n${this.#steps}. ${printable(text)}`);
  }

  line(text: string): void {
    this.#print(`   ${printable(text)}`);
  }

  /** A command as it goes out. */
  sent(command: string): void {
    this.line(`> ${command}`);
  }

  /** A reply as it comes in. */
  received(reply: Reply): void {
    this.line(`< ${formatReply(reply)}`);
  }

  /** The live line; `share` of the whole, 0 to 1, distinguishes a redraw from a new line. */
  live(text: string, share: number): void {
    if (this.#output.isTTY === true) {
      this.#live = true;
      const columns = this.#output.columns || 80;
      this.#output.write(`${CLEAR_LINE}${`   ${printable(text)}`.slice(0, columns - 1)}`);
    } else if (share >= this.#printed + STEP || share >= 1) {
      this.line(text);
      this.#printed = share - (share % STEP);
    }
  }

  /** The live line stays as it is. */
  settle(): void {
    if (this.#live) this.#output.write('\n');
    this.#live = false;
    this.#printed = 0;
  }

  #print(text: string): void {
    this.settle();
    this.#output.write(`${text.trimEnd()}\n`);
  }
}

/** A bar for the live line. */
export function bar(share: number): string {
  const width = 24;
  const filled = Math.min(width, Math.round(share * width));
  return `[${'#'.repeat(filled)}${'.'.repeat(width - filled)}] ${String(Math.floor(share * 100)).padStart(3)} %`;
}

/** A byte count for people. */
export function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

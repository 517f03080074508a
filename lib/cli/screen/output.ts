/**
 * Writes results to stdout, and all other text to stderr.
 *
 * Results are columns and lines for people, or with `--json` one JSON value a line.
 */
import type { Writable } from 'node:stream';
import pc from 'picocolors';
import { printable } from '../../protocol/index.js';

type Colors = ReturnType<typeof pc.createColors>;

export interface Screen {
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable & { readonly isTTY?: boolean };
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface OutputOptions {
  readonly json: boolean;
  readonly quiet: boolean;
}

export class Output {
  readonly json: boolean;
  readonly colors: Colors;
  /** Whether a bar of progress may be drawn. */
  readonly showsProgress: boolean;
  readonly #screen: Screen;
  readonly #quiet: boolean;

  constructor(screen: Screen, { json, quiet }: OutputOptions) {
    this.#screen = screen;
    this.json = json;
    this.#quiet = quiet;
    const { NO_COLOR = '', TERM } = screen.environment;
    const isPlain = NO_COLOR !== '' || TERM === 'dumb';
    this.colors = pc.createColors(screen.stdout.isTTY === true && !isPlain);
    this.showsProgress = screen.stderr.isTTY === true && !quiet && !json && TERM !== 'dumb';
  }

  /** Whether a person reads the results. */
  get isTerminal(): boolean {
    return this.#screen.stdout.isTTY === true;
  }

  /** The stream of the bar. */
  get progressStream(): Writable {
    return this.#screen.stderr;
  }

  /** A result: `value` as JSON, or `text` for people. */
  result(value: unknown, text: string): void {
    this.write(`${this.json ? JSON.stringify(value) : text}\n`);
  }

  /** A line on stderr that the user has asked for. */
  say(text: string): void {
    this.#screen.stderr.write(`${text}\n`);
  }

  /** Something that is no result, unless the user wants quiet. */
  note(text: string): void {
    if (!this.#quiet) this.say(text);
  }

  /** Text that even `--quiet` must not hide. */
  warn(text: string): void {
    this.say(`rxftp: warning: ${text}`);
  }

  /** Resolves when stdout takes more. */
  write(bytes: Uint8Array | string): Promise<void> {
    return new Promise((resolve) => {
      // A closed stdout ends the whole command: see `onClosedStdout`.
      this.#screen.stdout.write(bytes, () => resolve());
    });
  }

  /** Resolves when all results are written, or cannot be. */
  async flushed(): Promise<void> {
    if (this.#screen.stdout.writable) await this.write('');
    // The stream tells an error after the callback of the write. console.log has none.
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** A name or a line of a server, in which nothing steers a terminal. */
  safe(text: string): string {
    return printable(text, 4096);
  }
}

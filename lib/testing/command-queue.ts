/** Queues the commands of one session. They run one after the other, in the order of their arrival. */
import type { CommandLine } from './command-line.js';

/** With so many commands unanswered, no more bytes are read. Later commands that were already read wait too. */
const MAX_WAITING = 1000;

/** The connection that the commands come from. */
export interface CommandReader {
  pause(): void;
  resume(): void;
}

export class CommandQueue {
  readonly #reader: CommandReader;
  readonly #perform: (command: CommandLine) => Promise<void>;
  readonly #waiting: CommandLine[] = [];
  #isWorking = false;

  /** `perform` does one command, and never rejects. */
  constructor(reader: CommandReader, perform: (command: CommandLine) => Promise<void>) {
    this.#reader = reader;
    this.#perform = perform;
  }

  /** Adds a command. It begins at once if no other is under way. */
  push(command: CommandLine): void {
    this.#waiting.push(command);
    if (this.#waiting.length >= MAX_WAITING) this.#reader.pause();
    if (!this.#isWorking) void this.#work();
  }

  /** The first command with this verb that waits. */
  find(verb: string): CommandLine | undefined {
    return this.#waiting.find((command) => command.verb === verb);
  }

  /** Forgets all that wait. */
  clear(): void {
    this.#waiting.length = 0;
  }

  async #work(): Promise<void> {
    this.#isWorking = true;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      if (this.#waiting.length === 0) this.#reader.resume();
      await this.#perform(next);
    }
    this.#isWorking = false;
  }
}

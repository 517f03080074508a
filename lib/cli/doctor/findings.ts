/** Reports each finding of an examination at once. */
import type { FtpOptions } from '../../index.js';
import type { Output } from '../screen/output.js';

/** `good`: it works; `bad`: it does not, and matters; `note`: it is so. */
export type Verdict = 'good' | 'bad' | 'note';

export class Findings {
  readonly #output: Output;
  /** The options that fit the server, beyond those that were given. */
  readonly #advice: Partial<Record<keyof FtpOptions, unknown>> = {};

  constructor(output: Output) {
    this.#output = output;
  }

  get advice(): Readonly<Partial<Record<keyof FtpOptions, unknown>>> {
    return this.#advice;
  }

  tell(topic: string, verdict: Verdict, text: string, facts: object = {}): void {
    const { colors } = this.#output;
    const marks = { good: colors.green('yes '), bad: colors.red('no  '), note: colors.dim('note') };
    const safe = this.#output.safe(text);
    this.#output.result({ topic, verdict, text, ...facts }, `${marks[verdict]}  ${safe}`);
  }

  /** A heading for people. */
  head(text: string): void {
    if (!this.#output.json) this.#output.write(`\n${this.#output.colors.bold(text)}\n`);
  }

  advise<K extends keyof FtpOptions>(option: K, value: FtpOptions[K]): void {
    this.#advice[option] = value;
  }
}

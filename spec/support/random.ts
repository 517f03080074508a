/**
 * Random choices that can be made again: mulberry32 over a seed that a failing spec prints.
 *
 * `RXFTP_SEED` sets the seed of every source that is not given one.
 */

export class Random {
  readonly seed: number;
  #state: number;

  constructor(seed: number = seedFromEnvironment()) {
    this.seed = seed;
    this.#state = seed;
  }

  /** At least 0, below 1. */
  fraction(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number, at least 0, below `limit`. */
  below(limit: number): number {
    return Math.floor(this.fraction() * limit);
  }

  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  pick<T>(choices: readonly [T, ...T[]]): T {
    return choices[this.below(choices.length)] ?? choices[0];
  }

  bytes(length: number): Uint8Array {
    const words = Uint32Array.from({ length: Math.ceil(length / 4) }, () => this.below(2 ** 32));
    return new Uint8Array(words.buffer, 0, length);
  }
}

function seedFromEnvironment(): number {
  const given = Number(process.env.RXFTP_SEED ?? Number.NaN);
  return Number.isInteger(given) ? given : Math.floor(Math.random() * 2 ** 31);
}

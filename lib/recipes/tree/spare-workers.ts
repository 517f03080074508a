/**
 * Shares the work on a tree among a few workers, depth first. A worker with several items gives some of them to the free workers, and
 * does the others itself, one after the other. So the memory is that of a few paths into the tree.
 */
export class SpareWorkers {
  /** Below 0 if a worker goes on after a wait, while another one has its place. */
  #free: number;
  #failure: { readonly error: unknown } | undefined;

  /** @param count the number of workers, besides the one that calls `each`. */
  constructor(count: number) {
    this.#free = count;
  }

  /**
   * Does `work` with each item: resolves when all is done, with whether all of it was. Rejects with the first error of any `each`, when
   * what has begun is over; nothing more is begun then.
   */
  async each<T>(items: readonly T[], work: (item: T) => Promise<boolean>): Promise<boolean> {
    const given: Promise<boolean>[] = [];
    let isWhole = true;
    for (const [at, item] of items.entries()) {
      if (this.#failure !== undefined) break;
      // A worker that gives its last item away would only wait.
      if (this.#free > 0 && at < items.length - 1) given.push(this.#give(item, work));
      else isWhole = (await this.#guarded(item, work)) && isWhole;
    }
    const others = await this.#whileFree(Promise.all(given));
    if (this.#failure !== undefined) throw this.#failure.error;
    return isWhole && others.every((isDone) => isDone);
  }

  async #give<T>(item: T, work: (item: T) => Promise<boolean>): Promise<boolean> {
    this.#free -= 1;
    const isDone = await this.#guarded(item, work);
    this.#free += 1;
    return isDone;
  }

  async #guarded<T>(item: T, work: (item: T) => Promise<boolean>): Promise<boolean> {
    try {
      return await work(item);
    } catch (error) {
      this.#failure ??= { error };
      return false;
    }
  }

  /** A worker that waits for the others is free itself. */
  async #whileFree<T>(waiting: Promise<T>): Promise<T> {
    this.#free += 1;
    const found = await waiting;
    this.#free -= 1;
    return found;
  }
}

/**
 * Limits the commands that are unanswered together, by their number and their bytes.
 *
 * It fills up in one turn of the event loop, and its commands leave in one write. It refills when it is half empty, or when every command
 * of one write has its answer. So a window costs two packets or three, not one for each reply. The second rule matters on slow links, where
 * replies arrive in bunches.
 *
 * While a cancelled command is unanswered, the window admits no new one. Otherwise new commands could keep a hung connection
 * alive.
 */

/** The limit of unanswered commands and bytes. A first command may be longer than that, and then goes alone. */
export interface WindowLimits {
  readonly commands: number;
  readonly bytes: number;
}

/** One command at a time. */
export const LOCK_STEP: WindowLimits = /* @__PURE__ */ Object.freeze({ commands: 1, bytes: 0 });

/** The commands of one turn, which leave in one write. */
interface Fill {
  commands: number;
}

/** The place of one command. */
export interface WindowPlace {
  /** Its subscriber has unsubscribed; the place is taken until it is freed. */
  leave(): void;
  /** Its replies are in. Called once. */
  free(): void;
}

export class SlidingWindow {
  limits: WindowLimits = LOCK_STEP;
  #commands = 0;
  #bytes = 0;
  /** The number of commands that have lost their subscriber. */
  #left = 0;
  /** The commands that were admitted in this turn. */
  #filling: Fill | undefined;
  /** All of one write has been answered since the window was filled last. */
  #answered = false;

  get isEmpty(): boolean {
    return this.#commands === 0;
  }

  /** Whether a command of so many bytes may come in now. */
  admits(bytes: number): boolean {
    if (this.isEmpty) return true;
    if (this.#left > 0 || !this.#mayFill) return false;
    return this.#commands < this.limits.commands && this.#bytes + bytes <= this.limits.bytes;
  }

  enter(bytes: number): WindowPlace {
    this.#filling ??= this.#fill();
    const fill = this.#filling;
    let left = false;
    fill.commands += 1;
    this.#commands += 1;
    this.#bytes += bytes;
    return {
      leave: () => {
        if (!left) this.#left += 1;
        left = true;
      },
      free: () => {
        fill.commands -= 1;
        this.#commands -= 1;
        this.#bytes -= bytes;
        if (left) this.#left -= 1;
        if (fill.commands === 0) this.#answered = true;
      },
    };
  }

  get #mayFill(): boolean {
    return this.#filling !== undefined || this.#answered || this.#isHalfEmpty;
  }

  get #isHalfEmpty(): boolean {
    return this.#commands <= this.limits.commands / 2 && this.#bytes <= this.limits.bytes / 2;
  }

  #fill(): Fill {
    this.#answered = false;
    process.nextTick(() => {
      this.#filling = undefined;
    });
    return { commands: 0 };
  }
}

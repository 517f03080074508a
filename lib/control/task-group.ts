/**
 * The tasks of one operation that starts several, one after the other: a transfer that goes on after a drop, say. A host that lets
 * finish what was asked for before it closes takes all tasks of a group that it knows, and waits for the group's end.
 */
export class TaskGroup {
  readonly #onEnd: (() => void)[] = [];
  #ended = false;

  get ended(): boolean {
    return this.#ended;
  }

  /** Calls `callback` once, when no task of the group will start any more. */
  whenEnded(callback: () => void): void {
    if (this.#ended) callback();
    else this.#onEnd.push(callback);
  }

  /** The operation is over, or its subscriber has left. */
  end(): void {
    this.#ended = true;
    for (const callback of this.#onEnd.splice(0)) callback();
  }
}

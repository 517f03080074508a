/**
 * The sockets and timers that one run's client has made and that are still alive, told apart by their asynchronous context:
 * many runs go on at once.
 */
import { AsyncLocalStorage, createHook } from 'node:async_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';

const kinds: Readonly<Record<string, string>> = { TCPWRAP: 'socket', TCPSERVERWRAP: 'server', Timeout: 'timer' };
const patienceMs = 1500;

/** The stack is read only of what is left: to read one is dear. */
interface Birth {
  readonly kind: string;
  readonly at: Error;
}

function madeByLibrary({ kind, at }: Birth): string[] {
  const frames = (at.stack ?? '').split('\n').filter((frame) => /[/\\]lib[/\\]/.test(frame));
  return frames.length === 0 ? [] : [`a ${kind} is left, made ${frames.slice(0, 3).join(' ').replaceAll(/\s+/g, ' ')}`];
}

/** Where the resources of a run are entered. */
export class Life {
  readonly alive = new Map<number, Birth>();

  /** Nothing, or what is alive after a few turns of the event loop. */
  async left(): Promise<string[]> {
    const until = performance.now() + patienceMs;
    for (let turn = 0; turn < 3 || (this.alive.size > 0 && performance.now() < until); turn += 1) await nextTurn();
    return [...this.alive.values()].flatMap(madeByLibrary);
  }
}

export class LifeWatch {
  readonly #storage = new AsyncLocalStorage<Life>();
  readonly #owners = new Map<number, Life>();
  readonly #hook = createHook({
    init: (id, type) => this.#born(id, type),
    destroy: (id) => this.#died(id),
  });

  start(): void {
    this.#hook.enable();
  }

  stop(): void {
    this.#hook.disable();
    this.#storage.disable();
  }

  /** Does what a client does. */
  as<T>(life: Life, work: () => T): T {
    return this.#storage.run(life, work);
  }

  /** Does what is not the client's. */
  outside<T>(work: () => T): T {
    return this.#storage.exit(work);
  }

  #born(id: number, type: string): void {
    const kind = kinds[type];
    const life = kind === undefined ? undefined : this.#storage.getStore();
    if (kind === undefined || life === undefined) return;
    life.alive.set(id, { kind, at: new Error() });
    this.#owners.set(id, life);
  }

  #died(id: number): void {
    this.#owners.get(id)?.alive.delete(id);
    this.#owners.delete(id);
  }
}

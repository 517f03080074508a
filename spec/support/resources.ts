/**
 * The sockets, servers and timers alive in this process, each with the place that made it.
 *
 * async_hooks tells of every creation and destruction, also of what is unref'ed and hence absent from
 * `process.getActiveResourcesInfo()`. A timer counts by who made it: vitest's own do not. A socket always counts, since
 * accepted ones are made by no JavaScript at all; vitest talks to its workers by a pipe.
 */
import { createHook } from 'node:async_hooks';

export type ResourceKind = 'socket' | 'server' | 'timer';

export interface Resource {
  readonly kind: ResourceKind;
  readonly id: number;
  /** Stack of its creation, without node's own frames. */
  readonly madeAt: string;
}

const kinds: Readonly<Record<string, ResourceKind>> = { TCPWRAP: 'socket', TCPSERVERWRAP: 'server', Timeout: 'timer' };

const runnerFrame = /node_modules[\\/](@vitest|vitest|tinypool|tinyspy)[\\/]/;

export class ResourceWatch {
  readonly #alive = new Map<number, Resource>();
  readonly #hook = createHook({
    init: (id, type) => this.#born(id, type),
    destroy: (id) => void this.#alive.delete(id),
  });

  start(): void {
    this.#hook.enable();
  }

  stop(): void {
    this.#hook.disable();
  }

  /** The present resources. */
  alive(): Resource[] {
    return [...this.#alive.values()];
  }

  #born(id: number, type: string): void {
    const kind = kinds[type];
    if (kind === undefined) return;
    // At once: an Error that is kept holds what its frames refer to, such as timers that would be collected otherwise.
    const frames = callers();
    if (kind === 'timer' && (frames[0] === undefined || runnerFrame.test(frames[0]))) return;
    this.#alive.set(id, { kind, id, madeAt: frames.slice(0, 6).join('\n') });
  }
}

function callers(): string[] {
  const stack = new Error().stack?.split('\n').slice(1) ?? [];
  return stack.filter((frame) => !frame.includes('node:') && !frame.includes('support/resources.ts'));
}

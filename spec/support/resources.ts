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

/** What was made, with its stack as yet unread: to read one is dear, and most die unseen. */
interface Birth {
  readonly kind: ResourceKind;
  readonly id: number;
  readonly at: Error;
}

export class ResourceWatch {
  readonly #alive = new Map<number, Birth>();
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

  /** What is alive now. */
  alive(): Resource[] {
    return [...this.#alive.values()].flatMap((birth) => this.#seen(birth));
  }

  #born(id: number, type: string): void {
    const kind = kinds[type];
    if (kind !== undefined) this.#alive.set(id, { kind, id, at: new Error() });
  }

  /** Nothing for a timer of the test runner or of node, which is then forgotten. */
  #seen({ kind, id, at }: Birth): Resource[] {
    const frames = callers(at);
    if (kind !== 'timer' || (frames[0] !== undefined && !runnerFrame.test(frames[0]))) {
      return [{ kind, id, madeAt: frames.slice(0, 6).join('\n') }];
    }
    this.#alive.delete(id);
    return [];
  }
}

function callers({ stack }: Error): string[] {
  const frames = stack?.split('\n').slice(1) ?? [];
  return frames.filter((frame) => !frame.includes('node:') && !frame.includes('support/resources.ts'));
}

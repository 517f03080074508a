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

/** A stack is read only of what is asked about: to read one is dear. */
interface Birth {
  readonly kind: ResourceKind;
  readonly at: Error;
}

export class ResourceWatch {
  readonly #births = new Map<number, Birth>();
  readonly #hook = createHook({
    init: (id, type) => this.#born(id, type),
    destroy: (id) => void this.#births.delete(id),
  });

  start(): void {
    this.#hook.enable();
  }

  stop(): void {
    this.#hook.disable();
  }

  /** What is alive now. */
  alive(): Resource[] {
    return [...this.#births].flatMap(([id, { kind, at }]) => {
      const frames = callers(at);
      const isRunners = kind === 'timer' && (frames[0] === undefined || runnerFrame.test(frames[0]));
      return isRunners ? [] : [{ kind, id, madeAt: frames.slice(0, 6).join('\n') }];
    });
  }

  #born(id: number, type: string): void {
    const kind = kinds[type];
    if (kind !== undefined) this.#births.set(id, { kind, at: new Error() });
  }
}

function callers({ stack }: Error): string[] {
  const frames = stack?.split('\n').slice(1) ?? [];
  return frames.filter((frame) => !frame.includes('node:') && !frame.includes('support/resources.ts'));
}

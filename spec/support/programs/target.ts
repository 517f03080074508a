/** A server that programs run on: how to reach it, what it was told, and what is on it. */
import type { FtpClient } from '../../../lib/index.js';
import type { Operation, Program } from './program.js';
import type { Found, Spelled } from './verb.js';

/** A command as the server acted on it. */
export interface Told {
  readonly verb: string;
  /** Its place in the order of all events, and that of its answer. */
  readonly at: number;
  answeredAt: number;
  /** Its connection was cut before the answer. */
  cut: boolean;
  /** How its session was set when it acted. */
  readonly directory: string;
  readonly type: 'I' | 'A';
  readonly facts: string;
}

export interface Target extends AsyncDisposable {
  readonly client: FtpClient;
  spell(operation: Operation, id: string): Spelled;
  /** Cuts a control connection. */
  cut(nth: number): void;
  /** Cuts the connection on which the first command of `id` comes. */
  cutAt(id: string, when: 'before it acts' | 'before it answers'): void;
  /** Resolves when everything that the server was sent is done. */
  settled(): Promise<void>;
  /** The entry under a path of the model. */
  find(path: string): Promise<Found>;
  /** The commands of the operation `id`; undefined for a server without a journal. */
  told(id: string): readonly Told[] | undefined;
}

/** Starts, or clears, the server for one program. */
export type OpenTarget = (program: Program) => Promise<Target>;

/** The operations that a program starts, in order, with the names of their files. */
export function operationsOf({ steps }: Program): { readonly id: string; readonly operation: Operation }[] {
  const starts = steps.flatMap((step) => (step.do === 'start' ? [step.operation] : []));
  return starts.map((operation, index) => ({ id: idOf(index), operation }));
}

export function idOf(index: number): string {
  return `o${index + 1}`;
}

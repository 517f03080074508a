/**
 * A program: what a user does with one client, step by step. Steps run in one turn of the event loop until one of them waits.
 */

/** One operation; `where` is the directory that it names, `variant` chooses between spellings, types, facts and sizes. */
export interface Operation {
  readonly verb: string;
  readonly where: string;
  readonly variant: number;
}

export type Step =
  | {
      readonly do: 'start';
      readonly operation: Operation;
      /** Its subscriber leaves in the same turn, or with the first value. */
      readonly leave?: 'at once' | 'at the first value' | undefined;
      /** The server cuts the control connection when the command arrives: before it acts, or instead of the reply. */
      readonly cut?: 'before it acts' | 'before it answers' | undefined;
    }
  /** `back` counts operations from the last one that was started. */
  | { readonly do: 'leave' | 'await'; readonly back: number }
  | { readonly do: 'turns'; readonly turns: number }
  /** A control connection is cut now; `nth` counts those that are open. */
  | { readonly do: 'cut'; readonly nth: number };

export interface Program {
  /** The client's `maxSessions`. */
  readonly sessions: number;
  /** Seeds how long the server thinks, and how it greets and answers aborts. */
  readonly pace: number;
  readonly steps: readonly Step[];
}

/** Whether something in it breaks connections or transfers, so that operations may fail by that. */
export function breaksSomething({ steps }: Program): boolean {
  return steps.some(
    (step) => step.do === 'cut' || (step.do === 'start' && (step.cut !== undefined || step.operation.verb === 'abor$')),
  );
}

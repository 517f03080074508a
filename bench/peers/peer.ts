/** A client that takes part in the bench: which of the tasks it can do, and by which command. */
import type { Task } from '../programs/task.js';

export type TaskName =
  | 'download-null'
  | 'download-file'
  | 'download-options'
  | 'download-segments'
  | 'upload'
  | 'upload-options'
  | 'small-files'
  | 'tree-down'
  | 'tree-up'
  | 'first-byte'
  | 'metadata'
  | 'metadata-mixed'
  | 'list'
  | 'import'
  | 'parse-mlsd'
  | 'parse-list';

/** Tasks that show what options of this library cost or gain. */
export const ownTasks: ReadonlySet<TaskName> = new Set(['download-options', 'download-segments', 'upload-options']);

/** One way to do a task; a peer may have several. */
export interface Variant {
  /** Its name in the tables. */
  readonly label: string;
  command(task: Task): readonly string[];
}

export interface Peer {
  readonly name: string;
  /** With its version. */
  describe(): Promise<string>;
  /** Empty where it cannot do that task, or cannot do it this way. */
  variants(name: TaskName, task: Pick<Task, 'ca' | 'sessions'>): readonly Variant[];
}

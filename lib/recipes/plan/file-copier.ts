/** Copies the files of a plan: from a server, to a server, or from one to another. */
import type { Observable } from 'rxjs';
import type { TransferProgress } from '../../streams/progress-meter.js';
import { nameOf, parentOf, pathIn } from '../tree/tree-entry.js';
import type { TreePlace } from '../tree/tree-place.js';
import type { MoveSlots } from './move-slots.js';
import type { PlanStep } from './plan.js';
import type { SharedRate } from './shared-rate.js';
import type { TemporaryNames } from './temporary-name.js';

export interface FileCopier {
  /**
   * Copies one file; its last value comes when the file has its final name and time. Unsubscribing breaks it off, and removes the
   * temporary file.
   */
  copy(step: PlanStep): Observable<TransferProgress>;
}

/** The rules of a copier, besides the step. */
export interface CopySettings {
  readonly keepTime: boolean;
  readonly atomic: boolean;
  /** Links of a local source may be read through. */
  readonly followLinks: boolean;
  readonly rate: SharedRate | undefined;
  readonly slots: MoveSlots;
  readonly names: TemporaryNames;
}

/** A new temporary path beside the final one, as `tree` names it. */
export function temporaryPath(tree: TreePlace, path: string, { names }: CopySettings): string {
  return tree.at(pathIn(parentOf(path), names.of(nameOf(path))));
}

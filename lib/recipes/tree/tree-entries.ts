/** Turns the events of a tree into its entries. */
import type { OperatorFunction } from 'rxjs';
import { flowOperator } from '../../streams/flow.js';
import type { TreeEvent } from './read-tree.js';
import type { TreeEntry } from './tree-entry.js';
import { TreeErrors } from './tree-error.js';

/** The entries; behind them the error of all that has failed. */
export function treeEntries(): OperatorFunction<TreeEvent, TreeEntry> {
  return flowOperator((subscriber) => {
    const errors = new TreeErrors();
    return {
      next(event) {
        if (event.type === 'entry') subscriber.next(event.entry);
        else if (event.type === 'failed') errors.add(event.path, event.error);
      },
      complete() {
        const error = errors.whole();
        if (error === undefined) subscriber.complete();
        else subscriber.error(error);
      },
    };
  });
}

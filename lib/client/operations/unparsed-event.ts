/** Makes the event about rows that were not understood, for `unparsed: 'report'`. */
import type { UnparsedEvent } from '../../control/events.js';
import type { UnparsedRows } from '../../streams/unparsed.js';

export function unparsedEvent(path: string | undefined, { rows, count }: UnparsedRows): UnparsedEvent {
  return { type: 'unparsed', path: path ?? '', rows, count };
}

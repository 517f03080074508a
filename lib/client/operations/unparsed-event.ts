/** The event that tells of rows which were not understood, where the option `unparsed` is `'report'`. */
import type { UnparsedEvent } from '../../control/events.js';
import type { UnparsedRows } from '../../streams/unparsed.js';

export function unparsedEvent(path: string | undefined, { rows, count }: UnparsedRows): UnparsedEvent {
  return { type: 'unparsed', path: path ?? '', rows, count };
}

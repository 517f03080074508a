import { expect, it } from 'vitest';
import { changed } from '../../../lib/client/operations/changed-entry.js';
import type { FileEntry } from '../../../lib/protocol/listing/file-entry.js';

it('copies what an entry reads on demand, and takes the new values', () => {
  let reads = 0;
  class OnDemand {
    readonly name = 'a';
    get modified(): Date {
      reads += 1;
      return new Date(0);
    }
    get mode(): number {
      return 0o644;
    }
  }
  const entry = new OnDemand() as unknown as FileEntry;
  expect(changed(entry, { target: '/x' })).toMatchObject({
    name: 'a',
    modified: new Date(0),
    mode: 0o644,
    target: '/x',
  });
  expect(changed(entry, { modified: new Date(7) })).toMatchObject({ modified: new Date(7) });
  expect(reads).toBe(2);
});

/** The kinds of transfers that are explored. */
import type { Setup } from './model.js';

const plain: Setup = {
  kind: { direction: 'download', isListing: false, isSecure: false, withoutPwd: false },
  isActive: false,
  isDoubtful: false,
  isRanged: false,
};
export const download: Setup = { ...plain, isRanged: true };
export const listing: Setup = { ...plain, kind: { ...plain.kind, isListing: true } };
export const upload: Setup = { ...plain, kind: { ...plain.kind, direction: 'upload' } };
export const secured = (setup: Setup): Setup => ({ ...setup, kind: { ...setup.kind, isSecure: true } });
const active = (setup: Setup): Setup => ({ ...setup, isActive: true });

const inClear = [download, listing, upload];

/** By `npm test`. */
export const usual: readonly Setup[] = [...inClear, ...inClear.map(secured)];

/** By `npm run trust` too. */
export const others: readonly Setup[] = [
  ...usual.map(active),
  ...[download, upload].map((setup) => ({ ...setup, isDoubtful: true })),
];

/** The kinds of transfers that are explored. */
import type { Setup } from './model.js';

export const plain: Setup = {
  kind: { direction: 'download', isListing: false, isSecure: false, withoutPwd: false },
  isActive: false,
  isDoubtful: false,
  isRanged: false,
};
export const download: Setup = { ...plain, isRanged: true };
export const listing: Setup = { ...plain, kind: { ...plain.kind, isListing: true } };
export const upload: Setup = { ...plain, kind: { ...plain.kind, direction: 'upload' } };
export const secured = (setup: Setup): Setup => ({ ...setup, kind: { ...setup.kind, isSecure: true } });
/** NOOPs are sent while it runs. */
export const kept = (setup: Setup, noops = 1): Setup => ({ ...setup, noops });
export const active = (setup: Setup): Setup => ({ ...setup, isActive: true });

const left = (setup: Setup): Setup => ({ ...setup, hasLeft: true });
const withoutPwd = (setup: Setup): Setup => ({ ...setup, kind: { ...setup.kind, withoutPwd: true } });
const doubtful = (setup: Setup): Setup => ({ ...setup, isDoubtful: true });

/** Its server reads no command before an upload is over. */
const readBehind = (setup: Setup): Setup => ({ ...setup, known: { ...setup.known, portBehindUpload: true } });

const inClear = [download, listing, upload];
const passive: readonly Setup[] = [...inClear, ...inClear.map(secured)];

/** By `npm test`. */
export const usual: readonly Setup[] = [
  ...passive,
  ...[active(plain), doubtful(plain), left(upload), kept(plain), readBehind(upload)],
];

/** By `npm run trust` too. */
export const others: readonly Setup[] = [
  ...passive.map(active),
  ...[download, upload].map(doubtful),
  ...[plain, upload].map(withoutPwd),
  { ...download, asksNoPort: true },
  kept(plain, 2),
  ...[
    listing,
    upload,
    download,
    secured(plain),
    secured(upload),
    active(plain),
    doubtful(plain),
    withoutPwd(plain),
  ].map((setup) => kept(setup)),
  ...[secured(download), secured(upload), active(secured(download))].map((setup) => ({
    ...setup,
    known: { handshakeFirst: true },
  })),
  ...[secured(upload), active(upload), doubtful(upload), kept(upload)].map(readBehind),
  ...[listing, secured(listing)].map((setup) => ({ ...setup, known: { repeatsListings: true } })),
];

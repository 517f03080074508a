/** Listings of all other servers. */

import type { CorpusListing } from './corpus.js';
import { mainframeListings } from './mainframes.js';
import { mlsxListings } from './mlsx.js';
import { nameListings } from './names.js';
import { connectEnterpriseListings, eplfListings, macListings, netwareListings, nonstopListings } from './small.js';
import { vmsListings } from './vms.js';

export const otherListings: readonly CorpusListing[] = [
  ...connectEnterpriseListings,
  ...eplfListings,
  ...macListings,
  ...netwareListings,
  ...nonstopListings,
  ...mainframeListings,
  ...mlsxListings,
  ...nameListings,
  ...vmsListings,
];

/** All that a session and a client can do. Recipes take a `Pick` of it, so that either serves, or a fake. */
import type { MetadataOperations, PathOperations } from './file-operations.js';
import type { LiveStreams, RawOperations, SecurityOperations, ServerOperations } from './server-operations.js';
import type { ListingOperations, TransferOperations } from './transfer-operations.js';

export interface FtpOperations
  extends TransferOperations,
    ListingOperations,
    PathOperations,
    MetadataOperations,
    ServerOperations,
    SecurityOperations,
    RawOperations,
    LiveStreams {}

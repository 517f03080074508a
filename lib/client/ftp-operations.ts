/**
 * Declares all operations that a session and a client share. Recipes take a `Pick` of it, so that a session, a client or a fake will do.
 */
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

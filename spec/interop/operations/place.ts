/** What each part of the operations is given: who lets it in. */
import type { FtpOptions } from '../../../lib/client/options.js';
import type { Files, Visit } from '../../support/interop/workplace.js';

/** Opens a client in a directory that holds `files`; for use with `await using`. */
export type Enter = (files?: Files, more?: Partial<FtpOptions>) => Promise<Visit>;

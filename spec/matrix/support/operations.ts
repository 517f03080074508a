/** All operations of the matrix. Each gives one value that can be compared as JSON. */
import type { Operation } from './operation.js';
import { aborts } from './operations/aborts.js';
import { checksums } from './operations/checksums.js';
import { commands } from './operations/commands.js';
import { distributed } from './operations/distributed.js';
import { logins } from './operations/logins.js';
import { lookups } from './operations/lookups.js';
import { modes } from './operations/modes.js';
import { protection } from './operations/protection.js';
import { transfers } from './operations/transfers.js';

export const operations: readonly Operation[] = [
  ...logins,
  ...commands,
  ...lookups,
  ...protection,
  ...transfers,
  ...checksums,
  ...modes,
  ...distributed,
  ...aborts,
];

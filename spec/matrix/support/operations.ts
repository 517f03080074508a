/** All operations of the matrix. Each gives one value that can be compared as JSON. */
import { type Operation, reading } from './operation.js';
import { aborts } from './operations/aborts.js';
import { checksums } from './operations/checksums.js';
import { commands } from './operations/commands.js';
import { lookups } from './operations/lookups.js';
import { modes } from './operations/modes.js';
import { protection } from './operations/protection.js';
import { transfers } from './operations/transfers.js';

/** The login is played by whoever opens the session; `pwd$` is what waits for it. */
const login: Operation = reading('login', 'login', (ftp) => ftp.pwd$());

export const operations: readonly Operation[] = [
  login,
  ...commands,
  ...lookups,
  ...protection,
  ...transfers,
  ...checksums,
  ...modes,
  ...aborts,
];

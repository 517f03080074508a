/**
 * Every operation of `FtpOperations` against every server that can be started with the given options: in clear text and
 * over TLS alike. How servers differ is said in one table, `spec/support/interop/manners.ts`.
 */
import { afterAll, beforeAll, describe } from 'vitest';
import { describeInterop, namesFor } from '../../support/interop/interop-server.js';
import { Workplace } from '../../support/interop/workplace.js';
import type { ServerOptions } from '../../support/real-servers/real-server.js';
import { describeListings } from './listings.js';
import { describeNames } from './names.js';
import { describePaths } from './paths.js';
import type { Enter } from './place.js';
import { describeServer } from './server.js';
import { describeSessions } from './sessions.js';
import { describeText } from './text.js';
import { describeTransfers } from './transfers.js';

const parts = {
  transfers: describeTransfers,
  text: describeText,
  listings: describeListings,
  'paths and metadata': describePaths,
  'the server itself': describeServer,
  names: describeNames,
  sessions: describeSessions,
} as const;

export function describeOperations(options: ServerOptions): void {
  describeInterop(namesFor(options), (name) => {
    let place: Workplace;
    beforeAll(async () => {
      place = await Workplace.open(name, options);
    });
    afterAll(() => place?.close());
    const enter: Enter = (files, more) => place.visit(files, more);
    for (const [title, describePart] of Object.entries(parts)) describe(title, () => describePart(enter));
  });
}

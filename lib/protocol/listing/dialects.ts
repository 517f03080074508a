/** Lists all dialects in the order of their trial: a dialect whose rows another could take comes first. */
import { FtpUsageError } from '../../errors.js';
import { printable } from '../printable.js';
import { connectEnterprise } from './connect-enterprise.js';
import type { ListingDialect } from './dialect.js';
import { dos } from './dos.js';
import { eplf } from './eplf.js';
import type { Dialect } from './file-entry.js';
import { mac } from './mac.js';
import { mlsx, mlsxInList } from './mlsx.js';
import { names } from './names.js';
import { netware } from './netware.js';
import { nonstop } from './nonstop.js';
import { os2 } from './os2.js';
import { os400 } from './os400.js';
import { unix } from './unix.js';
import { vms } from './vms.js';
import { zos } from './zos.js';

/** The dialects that their rows identify. */
export const DETECTED: readonly ListingDialect[] = /* @__PURE__ */ Object.freeze([
  mac,
  unix,
  dos,
  mlsxInList,
  eplf,
  vms,
  zos,
  os400,
  nonstop,
  netware,
  os2,
  connectEnterprise,
]);

/** The dialects that read a listing only by name, or when no other does. */
export const ONLY_NAMED: readonly ListingDialect[] = /* @__PURE__ */ Object.freeze([mlsx, names]);

/** Throws FtpUsageError for a name that there is no dialect of. */
export function dialectOf(name: Dialect): ListingDialect {
  const dialect = [...ONLY_NAMED, ...DETECTED].find((each) => each.dialect === name);
  if (dialect === undefined) {
    throw new FtpUsageError(
      `There is no dialect ${printable(String(name), 40)}. Use one of those that the type Dialect names.`,
    );
  }
  return dialect;
}

/** Opens a given place for work. */
import { FtpUsageError } from '../../errors.js';
import { LocalTree } from './local-tree.js';
import type { Place } from './place.js';
import { RemoteTree } from './remote-tree.js';
import type { TreePlace } from './tree-place.js';

/** Throws FtpUsageError for a value that neither `local` nor `remote` has made. `what` names it in the message. `isPart`: as for `RemoteTree`. */
export function openPlace(place: Place, what: string, isPart: boolean = false): TreePlace {
  const { side } = (place ?? {}) as Partial<Place>;
  if (side === 'local') return new LocalTree(place as Extract<Place, { side: 'local' }>);
  if (side === 'remote') return new RemoteTree(place as Extract<Place, { side: 'remote' }>, isPart);
  throw new FtpUsageError(`${what} needs a place: local('dir'), or remote(ftp, 'dir').`);
}

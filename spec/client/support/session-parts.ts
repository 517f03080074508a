/** Makes the parts of a pool for specs that test one of them alone. */

import type { PoolSettings } from '../../../lib/client/client-sessions.js';
import { resolveOptions } from '../../../lib/client/resolve-options.js';
import type { SessionOwner } from '../../../lib/control/control-session.js';
import { FtpEvents } from '../../../lib/control/events.js';
import { Learned } from '../../../lib/control/learned.js';
import { WantedState } from '../../../lib/control/user-state.js';
import type { FtpOptions } from '../../../lib/index.js';
import type { ScriptedServer } from '../../support/scripted-server.js';
import { optionsFor } from './open.js';

export interface SessionParts extends PoolSettings {
  readonly wanted: WantedState;
  readonly owner: SessionOwner;
}

/** The settings of a client of `server`, and an owner that gives its sessions nothing by itself. */
export function sessionParts(
  server: ScriptedServer,
  options: Partial<Omit<FtpOptions, 'host' | 'port'>> = {},
  owner: Partial<SessionOwner> = {},
): SessionParts {
  let opened = 0;
  return {
    ...resolveOptions(optionsFor(server, options)),
    wanted: new WantedState(true),
    owner: {
      onFree: () => {},
      nextKind: () => undefined,
      learned: new Learned(),
      events: new FtpEvents(),
      yielding: new Set(),
      number: () => {
        opened += 1;
        return opened;
      },
      ...owner,
    },
    onOpened: () => {},
    onChange: () => {},
  };
}

/**
 * Sets the transfer mode of one connection (RFC 959 section 3.4): S is plain, Z is compressed (draft-preston-ftpext-deflate). Each transfer
 * sets the mode that it needs, as it does with the type.
 *
 * `mode$` decides first, then the option `compression`. If only the option asks for Z, and the server lacks MODE Z, transfers go in MODE S.
 */
import { FtpUsageError } from '../errors.js';
import { command } from '../protocol/command.js';
import { accepted } from './request.js';
import type { Session } from './session.js';

/** The mode in which a data connection carries the bytes as they are. */
const STREAM = 'S';
/** The mode in which it carries one stream of zlib's format (RFC 1950). */
export const DEFLATE = 'Z';

/** Whether a transfer may need MODE before it, or may be compressed. As a rule it is not, and then nothing is asked. */
export function mayNeedMode({ settings, user, server }: Session): boolean {
  return settings.compression === 'deflate' || user.applied.mode !== undefined || server.mode !== STREAM;
}

/** The transfer that needs a mode. */
export interface ModeUse {
  readonly direction: 'download' | 'upload';
  /** The offset that REST names. */
  readonly start: number;
  /** It can do with the bytes of a mode that this library does not read. */
  readonly anyMode: boolean;
}

/** Sets the mode for a transfer. A refusal is thrown where `mode$` has asked for it. */
export async function ensureMode(session: Session, use: ModeUse): Promise<void> {
  const asked = session.user.applied.mode;
  if (asked !== undefined) {
    if (!use.anyMode && asked !== STREAM && asked !== DEFLATE) throw unreadable(asked);
    await setMode(session, asked);
    return;
  }
  const isCompressed = (await isNamed(session)) && suits(session, use) && (await takesDeflate(session));
  if (!isCompressed) await setMode(session, STREAM);
}

/** The option asks for MODE Z, and the server has it as far as is known. FEAT may be answered behind the login. */
async function isNamed(session: Session): Promise<boolean> {
  const { settings, learned, settled } = session;
  if (settings.compression !== 'deflate' || learned.lacks('MODE Z')) return false;
  if (settled !== undefined) await settled;
  const modes =
    session.features
      .parameters('MODE')
      ?.toUpperCase()
      .split(/[^A-Z]+/) ?? [];
  if (!modes.includes(DEFLATE)) session.fallBack('MODE Z', 'MODE S');
  return modes.includes(DEFLATE);
}

/** RFC 3659 section 5 gives offsets a meaning in MODE S alone. */
function suits(session: Session, { direction, start }: ModeUse): boolean {
  const { inflatesSlowly, restartsDeflated } = session.profile;
  if (direction === 'upload' && inflatesSlowly === true) session.fallBack('MODE Z for uploads', 'MODE S');
  else if (start > 0 && restartsDeflated !== true) session.fallBack('MODE Z with REST', 'MODE S');
  else return true;
  return false;
}

/** A server may name MODE Z and still refuse it. */
async function takesDeflate(session: Session): Promise<boolean> {
  if (session.server.mode === DEFLATE) return true;
  const { reply, outcome } = await session.request(command('MODE', DEFLATE));
  if (outcome === 'refusal') session.fallBack('MODE Z', 'MODE S', reply);
  return outcome !== 'refusal';
}

async function setMode(session: Session, mode: string): Promise<void> {
  if (session.server.mode === mode) return;
  const line = command('MODE', mode);
  accepted(await session.request(line), line.masked);
}

function unreadable(mode: string): FtpUsageError {
  return new FtpUsageError(
    `The transfer mode is ${mode}, by mode$: this library reads MODE S and MODE Z. transfer$ gives the bytes of other modes as they are.`,
    { command: 'MODE', outcome: 'none' },
  );
}

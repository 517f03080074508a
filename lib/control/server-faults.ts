/**
 * Lists faults of known servers that depend on earlier commands of a session. It tells which commands the client must not send there any
 * more, and when it needs another session.
 */
import { FtpUsageError } from '../errors.js';
import type { Command } from '../protocol/command.js';
import type { ServerProfile } from './server-profile.js';
import type { ServerState } from './server-state.js';

/** A session as far as its server's faults depend on it. */
export interface FaultySession {
  readonly profile: ServerProfile;
  readonly server: ServerState;
}

/** Whether what was done on this session has spoilt it: a client replaces it before it does anything more. */
export function mustBeReplaced({ profile, server }: FaultySession): boolean {
  return (
    (profile.stouSpoilsAppe === true && server.storedUnique) ||
    (profile.stallsAfterSyntaxError === true && server.syntaxError)
  );
}

/** Throws FtpUsageError for a transfer that would destroy data, or the session, by a fault of its server. */
export function refuseKnownFault({ profile, server }: FaultySession, { verb, masked }: Command): void {
  if (verb === 'APPE' && profile.stouSpoilsAppe === true && server.storedUnique) {
    throw new FtpUsageError(
      `${masked} was not sent: after a STOU on the same session this server (Pure-FTPd) empties the file instead of appending. Use another session, or an FtpClient, which does.`,
      { command: masked },
    );
  }
  if (masked === 'STOU' && profile.stouNeedsName === true) {
    throw new FtpUsageError('STOU was not sent: this server (inetutils ftpd) wants a name for it. Give stou$ a path.', {
      command: masked,
    });
  }
}

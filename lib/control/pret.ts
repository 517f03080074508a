/**
 * Sends PRET, for servers that are spread over several machines (DrFTPD, glftpd). It names the coming transfer before PASV or EPSV. So the
 * machine that has the file opens the port. No RFC defines it; FEAT names it.
 */
import { type Command, command } from '../protocol/command.js';
import { accepted } from './request.js';
import type { Session } from './session.js';

/** Whether the server needs the name of a transfer before it opens a passive port. A refused PRET does not change that. */
export function needsPret({ profile, server, settings }: Session): boolean {
  return settings.mode !== 'active' && profile.needsNoPret !== true && server.named.has('PRET');
}

/** The PRET for `transfer`; undefined if the server needs none. */
export function pretFor(session: Session, transfer: Command): Command | undefined {
  return needsPret(session) ? command('PRET', transfer.line) : undefined;
}

/**
 * Sends PRET; its refusal is thrown. No fence may come between it and the port: resolves with whether its reply was odd, so that a fence
 * has to stand at the end of the transfer.
 */
export async function sendPret(session: Session, pret: Command): Promise<boolean> {
  const final = await session.request(pret, { inSequence: true });
  accepted(final, pret.masked);
  return final.odd === true;
}

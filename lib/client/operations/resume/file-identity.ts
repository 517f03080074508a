/**
 * Holds the answers that identify a file after a drop. They are those to SIZE and MDTM, compared as text (RFC 3659 sections 3 and 4). A
 * server may lack either.
 */
import { accepted, type FinalReply } from '../../../control/request.js';
import type { Session } from '../../../control/session.js';
import { FtpProtocolError } from '../../../errors.js';
import { command } from '../../../protocol/command.js';
import { isUnknownCommand } from '../../../protocol/reply.js';
import { parseSize } from '../../../protocol/size.js';
import { askSize } from '../ask-size.js';

/** By command: the answer, if there was one. */
export interface FileIdentity {
  readonly SIZE: string | undefined;
  readonly MDTM: string | undefined;
}

const QUESTIONS = ['SIZE', 'MDTM'] as const;

/** Asks both. The server must tell a `known` fact again: its refusal is thrown. */
export async function askIdentity(session: Session, path: string, known?: FileIdentity): Promise<FileIdentity> {
  const size = textOf(await askSize(session, path), `SIZE ${path}`, known?.SIZE);
  const time = textOf(await askTime(session, path), `MDTM ${path}`, known?.MDTM);
  return { SIZE: size, MDTM: time };
}

/** The difference between the file and its known facts, in words; undefined if there is none. */
export function differenceOf(known: FileIdentity, now: FileIdentity): string | undefined {
  const differs = QUESTIONS.find((name) => known[name] !== undefined && now[name] !== known[name]);
  return differs && `${differs} was ${known[differs]}, and is ${now[differs] ?? 'not told'} now`;
}

/** The size in bytes; undefined if SIZE is not told, or its answer is none. */
export function sizeIn({ SIZE }: FileIdentity): number | undefined {
  if (SIZE === undefined) return undefined;
  try {
    return parseSize(SIZE);
  } catch (error) {
    if (error instanceof FtpProtocolError) return undefined;
    throw error;
  }
}

async function askTime(session: Session, path: string): Promise<FinalReply | undefined> {
  if (session.learned.lacks('MDTM')) return undefined;
  const final = await session.request(command('MDTM', path));
  if (final.outcome !== 'refusal' || !isUnknownCommand(final.reply)) return final;
  session.fallBack('MDTM', 'SIZE and the overlap alone', final.reply);
  return undefined;
}

function textOf(final: FinalReply | undefined, asked: string, known: string | undefined): string | undefined {
  if (final === undefined) return undefined;
  if (final.outcome === 'completion') return final.reply.text.trim();
  if (known !== undefined) accepted(final, asked);
  return undefined;
}

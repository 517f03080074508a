/** Finds the entry of one file by MLST (RFC 3659 section 7), if the answer is certainly about this file. */

import { refused } from '../../control/request.js';
import type { Session } from '../../control/session.js';
import { FtpProtocolError } from '../../errors.js';
import { parseFacts } from '../../protocol/facts.js';
import { fileEntryFromMlst } from '../../protocol/listing/file-entry.js';
import { mlstRow } from '../../protocol/mlst.js';
import type { Reply } from '../../protocol/reply.js';
import { askEntry } from './ask-entry.js';
import { type LookupAnswer, saysMissing } from './lookup-answers.js';
import type { LookupPath } from './lookup-path.js';

const OTHERWISE = 'LIST of the directory, CWD and SIZE';

/** A refusal for now is thrown. */
export async function askLookupEntry(session: Session, target: LookupPath): Promise<LookupAnswer> {
  const { path } = target;
  const listed = await askEntry(session, path, OTHERWISE);
  if (listed === undefined) return { doubts: [] };
  if (listed.outcome !== 'refusal') return entryIn(session, listed.reply, target);
  if (saysMissing(listed.reply)) return 'missing';
  const error = refused(`MLST ${path}`, listed.reply);
  if (error.transient) throw error;
  return { doubts: [error] };
}

/** For a hidden file, ProFTPD sends a reply without a row. Other servers name the target of a link. */
function entryIn(session: Session, reply: Reply, { path, name, parent }: LookupPath): LookupAnswer {
  try {
    const row = mlstRow(reply);
    const entry = parseFacts(row);
    const named = parent === undefined ? name : nameIn(session.pathFrom(entry.name), name);
    const isDirectory = entry.type === 'dir' || entry.type === 'cdir' || entry.type === 'pdir';
    if (named !== undefined && entry.facts.has('type') && (parent !== undefined || isDirectory)) {
      return { entry: fileEntryFromMlst(entry, named, row) };
    }
  } catch (error) {
    if (!(error instanceof FtpProtocolError)) throw error;
  }
  return {
    doubts: [
      new FtpProtocolError(`The answer to MLST ${path} does not tell of that file.`, { command: 'MLST', reply }),
    ],
  };
}

/** The last part of the path in the reply, if that is the name; in another case too, on a server that ignores case. */
function nameIn(told: string, name: string): string | undefined {
  const path = told.length > 1 ? told.replace(/\/$/, '') : told;
  if (path === name || path.endsWith(`/${name}`) || path.endsWith(`\\${name}`)) return name;
  const last = path.slice(path.lastIndexOf('/') + 1);
  return folded(last) === folded(name) ? last : undefined;
}

function folded(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

/** The listing that STAT gives in its reply (RFC 959 section 4.1.3), as LIST gives it on a data connection. */

import { accepted } from '../../control/request.js';
import type { Session } from '../../control/session.js';
import type { Command } from '../../protocol/command.js';
import type { Reply } from '../../protocol/reply.js';
import type { ByteSink } from '../../streams/byte-sink.js';

/** Writes the rows of the reply to `line` into `sink`; resolves with their bytes. A refusal is thrown. */
export async function statInto(session: Session, line: Command, sink: ByteSink): Promise<number> {
  const rows = rowsOf(accepted(await session.request(line), line.masked));
  if (rows.length === 0) return 0;
  const bytes = session.settings.codec.encode(rows.map((row) => `${row}\r\n`).join(''));
  sink.write(bytes);
  return bytes.length;
}

/** The lines between the first and the last. Some servers begin each with a space, as RFC 959 section 4.2 has it. */
function rowsOf({ lines }: Reply): readonly string[] {
  const rows = lines.slice(1, -1).filter((row) => row.trim() !== '');
  return rows.every((row) => row.startsWith(' ')) ? rows.map((row) => row.slice(1)) : rows;
}

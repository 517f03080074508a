/**
 * Probes whether an unknown server's LIST or MLSD reads its argument. Some servers ignore it and list the session's own directory, whose
 * rows would pass for those of the other one. SimpleFTPServer does so, and old versions of uftpd and ftpserverlib did. Other servers do so
 * if the name does not exist.
 *
 * A missing directory shows it, once for a client: a server that refuses to list it has read its name. That costs two round trips; a change
 * into a directory and back costs three, for each listing.
 */
import type { Session } from '../../control/session.js';
import { type DownloadPlan, download } from '../../data/download.js';
import { FtpError, FtpUsageError, type ReplyEvidence } from '../../errors.js';
import type { Cancellation } from '../../net/cancellation.js';
import { command } from '../../protocol/command.js';
import type { ByteReceiver, ByteSink } from '../../streams/byte-sink.js';
import type { Gate } from '../../streams/gate.js';
import { withoutLastSlashes } from './last-name.js';
import { isNotImplemented, mayBeOfPath } from './listing-refusals.js';
import { listPlan, mlsdPlan } from './listings.js';

type Verb = 'LIST' | 'MLSD';

/** A server that has such a directory is given no paths, which is right too. */
const NOWHERE = '.rxftp-no-such-directory';

/** The receivers of the listing behind the probe. */
interface ProbeTarget {
  readonly sink: ByteReceiver;
  readonly gate: Gate;
  readonly signal: Cancellation;
}

/** Asks once, and remembers whether `verb` takes paths. Throws if the connection was lost by it, which is remembered too. */
export async function probePaths(session: Session, verb: Verb, path: string, target: ProbeTarget): Promise<void> {
  const plan = probeOf(session, verb, path);
  const reply = plan === undefined ? undefined : await refusalOf(session, plan, verb, target);
  if (target.signal.aborted) return;
  if (reply === undefined) doWithoutPaths(session, verb);
  else if (verb === 'MLSD' && isNotImplemented(reply) && !session.learned.isProven('MLSD'))
    session.fallBack('MLSD', 'LIST', reply);
  else session.learned.prove(`${verb} path`);
}

/** Undefined if it would be too long a line. */
function probeOf(session: Session, verb: Verb, path: string): DownloadPlan | undefined {
  const line = command(verb, `${withoutLastSlashes(path)}/${NOWHERE}`);
  try {
    session.channel.requireSendable(line);
  } catch (error) {
    if (error instanceof FtpUsageError) return undefined;
    throw error;
  }
  return { ...(verb === 'LIST' ? listPlan(session, line) : mlsdPlan(line)), path };
}

/** Undefined if the server listed something, or nothing, or failed otherwise. */
async function refusalOf(
  session: Session,
  plan: DownloadPlan,
  verb: Verb,
  { sink, gate, signal }: ProbeTarget,
): Promise<ReplyEvidence | undefined> {
  const dropped = new DroppedBytes(sink);
  try {
    await download(session, plan, dropped, gate, signal);
    return undefined;
  } catch (error) {
    if (!(error instanceof FtpError) || session.channel.cause !== undefined) {
      doWithoutPaths(session, verb);
      throw error;
    }
    return dropped.isEmpty && isOfPath(error.reply) ? error.reply : undefined;
  }
}

/** A server that ignores the name may refuse for now, or its own directory for want of rights. */
function isOfPath(reply: ReplyEvidence | undefined): boolean {
  return reply !== undefined && mayBeOfPath(reply, reply.class === 4);
}

function doWithoutPaths(session: Session, verb: Verb): void {
  session.fallBack(`${verb} path`, `${verb} in the directory`);
}

class DroppedBytes implements ByteSink {
  isEmpty = true;
  readonly #memory: ByteReceiver;

  constructor(memory: ByteReceiver) {
    this.#memory = memory;
  }

  buffer(): Uint8Array {
    return this.#memory.buffer();
  }

  write(): void {
    this.isEmpty = false;
  }

  complete(): void {}

  error(): void {}
}

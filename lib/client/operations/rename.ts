/**
 * Runs RNFR and RNTO (RFC 959 section 4.1.3). No other command may come between them.
 *
 * A server that is known to take both in one write gets both at once. Several renames share a window, if a refused RNTO is known to end its
 * rename. On any other server RNTO waits for the reply to RNFR. If a rename is cancelled between the two, the session takes it back at once.
 */
import type { Observable } from 'rxjs';
import { encodeLine } from '../../control/encode-line.js';
import { accepted, type FinalReply, refused } from '../../control/request.js';
import type { Session } from '../../control/session.js';
import type { TextCodec } from '../../control/settings.js';
import { FtpError, FtpProtocolError, withOutcome } from '../../errors.js';
import type { Cancellation } from '../../net/cancellation.js';
import type { Command } from '../../protocol/command.js';
import { formatReply, type Reply } from '../../protocol/reply.js';
import { checked, type OperationContext, repeatable, task$ } from './operation.js';

/** The two commands of a rename. */
interface Pair {
  readonly first: Command;
  readonly second: Command;
}

export function rename$(context: OperationContext, from: string, to: string): Observable<Reply> {
  return task$(context, () => {
    const pair: Pair = { first: checked(context, 'RNFR', from), second: checked(context, 'RNTO', to) };
    const { first, second } = pair;
    return {
      kind: { bytes: bytesOf(pair, context.settings.codec) },
      sharesOn: renamesShare,
      ...repeatable(first),
      async work(session, emit, signal) {
        session.channel.requireSendable(first, second);
        const reply = await (renamesAtOnce(session) ? together(session, pair) : inTurn(session, pair, signal));
        if (reply !== undefined) emit(reply);
      },
    };
  });
}

function renamesAtOnce({ profile }: Pick<Session, 'profile'>): boolean {
  return profile.renamesAtOnce === true;
}

function renamesShare({ profile }: Pick<Session, 'profile'>): boolean {
  return profile.renamesAtOnce === true && profile.endsRefusedRenames === true;
}

function bytesOf({ first, second }: Pair, codec: TextCodec): number {
  return encodeLine(first, codec).length + encodeLine(second, codec).length;
}

/** Both in one write: RNTO behind a refused RNFR is refused too. Its reply is awaited in any case. */
async function together(session: Session, { first, second }: Pair): Promise<Reply> {
  const { endOfKept } = session.rename;
  const lines = endOfKept === undefined ? [first, second] : [endOfKept, first, second];
  const outcomes = await Promise.allSettled(lines.map((line) => session.request(line, { gather: true })));
  const [from, to] = outcomes.slice(-2) as [PromiseSettledResult<FinalReply>, PromiseSettledResult<FinalReply>];
  // RNTO was written too: what became of it counts.
  if (to.status === 'rejected') throw to.reason;
  if (from.status === 'rejected') throw from.reason;
  const { outcome, reply } = from.value;
  if (outcome === 'refusal' && to.value.outcome === 'refusal') throw refused(first.masked, reply);
  if (outcome === 'refusal') throw contradiction(reply, second);
  return accepted(to.value, second.masked);
}

/** Undefined where the user left before RNTO was sent. */
async function inTurn(session: Session, { first, second }: Pair, signal: Cancellation): Promise<Reply | undefined> {
  const renaming = await asked(session.request(first, { inSequence: true }));
  accepted(renaming, first.masked);
  if (signal.aborted) {
    await session.rename.takeBack();
    return undefined;
  }
  return accepted(await session.request(second, { doubtful: renaming.odd === true }), second.masked);
}

/** RNFR changes nothing at the server, after any result. */
async function asked(renaming: Promise<FinalReply>): Promise<FinalReply> {
  try {
    return await renaming;
  } catch (error) {
    throw error instanceof FtpError && error.outcome === 'unknown' ? withOutcome(error, 'none') : error;
  }
}

function contradiction(reply: Reply, { masked }: Command): FtpProtocolError {
  return new FtpProtocolError(
    `RNFR was refused by "${formatReply(reply)}", and ${masked} was not: it is not known what was renamed.`,
    { command: masked, reply, outcome: 'unknown' },
  );
}

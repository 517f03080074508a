/** Runs the commands of `send$`, `exchange$` and `abor$`: any line, and ABOR. `transfer$` is in `raw-transfer.ts`. */
import type { Observable } from 'rxjs';
import { runLoginSteps } from '../../control/login-steps.js';
import { type FinalReply, type RequestOptions, refused } from '../../control/request.js';
import type { Session } from '../../control/session.js';
import { FtpConnectionError, FtpReplyError, FtpUsageError } from '../../errors.js';
import type { Command } from '../../protocol/command.js';
import { requireKnownOptions } from '../../protocol/option-names.js';
import { formatReply, type Reply } from '../../protocol/reply.js';
import { untilAborted } from '../../streams/abort-signal.js';
import { checkedLine, type OperationContext, task$ } from './operation.js';
import { leaseTerms, rememberCommand, requestForUser } from './paths.js';
import { isTransferVerb } from './raw-transfer.js';

/** The required final reply: a code, or the beginning of one (2 for any completion, 35 for 350 to 359), or several. */
export type ExpectedReply = number | readonly number[];

export interface ExchangeOptions {
  readonly expect: ExpectedReply;
  /** Cancels as unsubscribing does, and errors with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

const EXCHANGE_NAMES: Readonly<Record<keyof ExchangeOptions, true>> = { expect: true, signal: true };

/** Preliminary replies, then the final one, also a refusal. */
export function send$(context: OperationContext, line: string): Observable<Reply> {
  return task$(context, () => {
    const sent = plainCommand(context, line);
    return {
      ...leaseTerms(sent),
      async work(session, emit) {
        const { reply } = await requestPlain(session, sent, { onPreliminary: emit });
        emit(reply);
      },
    };
  });
}

/** The final reply, if it is the expected one. */
export function exchange$(context: OperationContext, line: string, options: ExchangeOptions): Observable<Reply> {
  const exchange$ = task$<Reply>(context, () => {
    const sent = plainCommand(context, line);
    requireKnownOptions(options, EXCHANGE_NAMES);
    const { expect } = options;
    checkExpected(expect);
    return {
      ...leaseTerms(sent),
      async work(session, emit) {
        const { reply } = await requestPlain(session, sent);
        if (!isExpected(reply, expect)) throw unexpected(sent, reply, expect);
        emit(reply);
      },
    };
  });
  // JavaScript may give nothing, which is refused at subscription.
  return untilAborted(exchange$, options?.signal);
}

/** One exchange, and the effect of its completion. */
async function requestPlain(
  session: Session,
  sent: Command,
  options: Partial<RequestOptions> = {},
): Promise<FinalReply> {
  const { loggedOut } = session.server;
  const final = await requestForUser(session, sent, options);
  if (final.reply.class !== 2) return final;
  await rememberCommand(session, sent);
  // REIN has taken back what the login steps had set; now the user is logged in again.
  if (loggedOut && !session.server.loggedOut) await runLoginSteps(session);
  return final;
}

/** A code, or the beginning of one: any other value could never be met by a reply. */
function checkExpected(expect: ExpectedReply): void {
  const codes = [expect].flat();
  if (codes.length > 0 && codes.every((code) => typeof code === 'number' && /^[1-5]\d{0,2}$/.test(`${code}`))) return;
  throw new FtpUsageError('The option expect must be a reply code, or the first digits of one, or several of them.');
}

function isExpected(reply: Reply, expect: ExpectedReply): boolean {
  return [expect].flat().some((code) => String(reply.code).startsWith(String(code)));
}

function unexpected(sent: Command, reply: Reply, expect: ExpectedReply): FtpReplyError {
  if (reply.class >= 4) return refused(sent.masked, reply);
  return new FtpReplyError(
    `${sent.masked} was answered by "${formatReply(reply)}" where ${[expect].flat().join(' or ')} was expected.`,
    { command: sent.masked, reply },
  );
}

/** Transfers and TLS change what the connection carries: they have operations of their own. */
export function plainCommand(context: OperationContext, line: string): Command {
  const sent = checkedLine(context, line);
  const { verb } = sent;
  if (isTransferVerb(verb))
    throw new FtpUsageError(`${verb} opens a data connection: use transfer$.`, { command: verb });
  if (verb === 'AUTH' || verb === 'CCC' || verb === 'REIN') {
    throw new FtpUsageError(
      `${verb} changes the connection itself: use the option secure, or ${verb.toLowerCase()}$.`,
      {
        command: verb,
      },
    );
  }
  return sent;
}

/** Breaks off the transfer under way, whose subscriber gets an FtpTransferError, and emits the reply to ABOR. */
export function abor$(context: OperationContext): Observable<Reply> {
  return task$(context, () => {
    context.runner.interrupt(
      new FtpConnectionError('broken off by abor$', { channel: 'data', phase: 'abort', transient: false }),
    );
    return {
      kind: 'exclusive',
      name: 'ABOR',
      // Later it would break off another transfer.
      mustNotRepeat: () => true,
      work: async (session, emit) => emit(await session.perform('ABOR')),
    };
  });
}

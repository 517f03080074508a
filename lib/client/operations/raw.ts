/** What a user sends himself: any command, any transfer, and ABOR. */
import { Observable } from 'rxjs';
import type { LeasedWork } from '../../control/lease-host.js';
import { refused } from '../../control/request.js';
import { download } from '../../data/download.js';
import { upload } from '../../data/upload.js';
import { FtpConnectionError, FtpReplyError, FtpUsageError } from '../../errors.js';
import type { Command } from '../../protocol/command.js';
import { EXCHANGES } from '../../protocol/exchange.js';
import { requireKnownOptions } from '../../protocol/option-names.js';
import { formatReply, type Reply } from '../../protocol/reply.js';
import { parseTransferSize } from '../../protocol/size.js';
import type { ByteStream } from '../../streams/byte-stream.js';
import type { ByteSource } from '../../streams/source.js';
import { TRANSFER_ALIASES } from '../option-aliases.js';
import { checkCount } from './check-transfer-options.js';
import { LatePipe } from './late-pipe.js';
import { checkedLine, type OperationContext, operation$, task$ } from './operation.js';
import { rememberCommand, termsOf } from './paths.js';
import { byteContent, type UploadContent } from './upload-content.js';

/** What a final reply must be: a code, or the beginning of one (2 for any completion, 35 for 350 to 359), or several. */
export type ExpectedReply = number | readonly number[];

export interface TransferOptions {
  /** Offset to restart at, by REST. Default 0. */
  readonly start?: number;
  /** What to send: STOR, STOU and APPE need it, RETR and listings take none; any other command receives without it. */
  readonly source?: ByteSource;
}

const TRANSFER_NAMES: Readonly<Record<keyof TransferOptions, true>> = { start: true, source: true };
const EXCHANGE_NAMES = { expect: true };

/** A transfer under way. */
export interface RawTransfer {
  /** The bytes of this one exchange; can be subscribed once. Of an upload, none: it completes with the upload. */
  readonly bytes: ByteStream;
  /** The size that the preliminary reply names, where it does. */
  readonly expectedSize?: number;
}

/** Preliminary replies, then the final one, whatever it says. */
export function send$(context: OperationContext, line: string): Observable<Reply> {
  return task$(context, () => {
    const sent = plainCommand(context, line);
    return {
      ...termsOf(sent),
      async work(session, emit) {
        const { reply } = await session.request(sent, { onPreliminary: emit });
        if (reply.class === 2) await rememberCommand(session, sent);
        emit(reply);
      },
    };
  });
}

/** The final reply, when it is what was expected. */
export function exchange$(
  context: OperationContext,
  line: string,
  options: { readonly expect: ExpectedReply },
): Observable<Reply> {
  return task$(context, () => {
    const sent = plainCommand(context, line);
    requireKnownOptions(options, EXCHANGE_NAMES);
    const { expect } = options;
    checkExpected(expect);
    return {
      ...termsOf(sent),
      async work(session, emit) {
        const { reply } = await session.request(sent);
        if (reply.class === 2) await rememberCommand(session, sent);
        if (!isExpected(reply, expect)) throw unexpected(sent, reply, expect);
        emit(reply);
      },
    };
  });
}

/** A code, or the beginning of one: what no reply can begin with could never be met. */
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
function plainCommand(context: OperationContext, line: string): Command {
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

/** The transfer verbs that send data; all others receive. */
const STORING: ReadonlySet<string> = new Set(['STOR', 'STOU', 'APPE']);

function isTransferVerb(verb: string): boolean {
  return (
    Object.hasOwn(EXCHANGES, verb) &&
    verb !== 'REIN' &&
    verb !== 'GREETING' &&
    EXCHANGES[verb]?.preliminary.length !== 0
  );
}

/** A command that this library does not know may be a transfer, of either direction; of one that it knows, it knows better. */
function transferCommand(context: OperationContext, line: string, sends: boolean): Command {
  const sent = checkedLine(context, line);
  const { verb } = sent;
  if (!Object.hasOwn(EXCHANGES, verb)) return sent;
  if (!isTransferVerb(verb))
    throw new FtpUsageError(`${verb} transfers nothing: use send$ or exchange$.`, { command: verb });
  if (STORING.has(verb) === sends) return sent;
  const why = sends ? 'receives data: it takes no source' : 'sends data: give it a source';
  throw new FtpUsageError(`${verb} ${why}.`, { command: verb });
}

/** What `bytes` says when it is subscribed too late, as after `firstValueFrom`. */
function abandoned({ verb, masked }: Command): FtpUsageError {
  return new FtpUsageError(
    `${masked} was aborted when it was unsubscribed: subscribe its bytes before that, as switchMap does.`,
    { command: verb },
  );
}

/** Any transfer command, in the type that `type$` has set, else TYPE I. It lives as long as it or its `bytes` is subscribed. */
export function transfer$(context: OperationContext, line: string, options: TransferOptions): Observable<RawTransfer> {
  // JavaScript may give null, which is refused at subscription.
  const source = options?.source;
  const content = source === undefined ? undefined : byteContent(source);
  const transfer$ = rawTransfer$(context, line, options, content);
  return content === undefined ? transfer$ : content.guard(transfer$);
}

function rawTransfer$(
  context: OperationContext,
  line: string,
  options: TransferOptions,
  content: UploadContent | undefined,
): Observable<RawTransfer> {
  return new Observable((subscriber) => {
    content?.check();
    const sent = transferCommand(context, line, content !== undefined);
    requireKnownOptions(options, TRANSFER_NAMES, TRANSFER_ALIASES);
    const { start = 0 } = options;
    checkCount('start', start);
    content?.requireUsable();
    let leave: () => void = () => {};
    const pipe = new LatePipe(() => {
      if (subscriber.closed) leave();
    });
    const onBegun = (preliminary: Reply | undefined): void => {
      const expectedSize = preliminary && parseTransferSize(preliminary.text);
      subscriber.next({ bytes: pipe.bytes, ...(expectedSize === undefined ? {} : { expectedSize }) });
    };
    const work: LeasedWork = async (session, signal) => {
      // Not what a listing has left behind: TYPE A would corrupt a binary file.
      const plan = { command: sent, type: session.user.applied.type, start, onBegun };
      if (content === undefined) await download(session, plan, pipe.sink, pipe.gate, signal);
      else
        await upload(
          session,
          { ...plan, opening: content.opening, onReady: content.requireUsable },
          content.read(),
          () => {},
          signal,
        );
    };
    leave = context.host.start({ kind: 'transfer', work }, (error) => {
      pipe.end(error);
      if (error === undefined) subscriber.complete();
      else subscriber.error(error);
    });
    return () => {
      if (pipe.subscribed) return;
      leave();
      pipe.end(abandoned(sent));
    };
  });
}

/** Breaks off the transfer under way, whose subscriber gets an FtpTransferError, and emits the reply to ABOR. */
export function abor$(context: OperationContext): Observable<Reply> {
  return operation$(context, 'exclusive', () => {
    context.host.interrupt(new FtpConnectionError('broken off by abor$', { channel: 'data', phase: 'abort' }));
    return async (session, emit) => emit(await session.perform('ABOR'));
  });
}

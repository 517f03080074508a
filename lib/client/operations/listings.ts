/** Runs LIST, NLST and MLSD as streams of lines and entries, and MLST. */
import type { Observable } from 'rxjs';
import type { Session } from '../../control/session.js';
import type { UserState } from '../../control/user-state.js';
import { type DownloadPlan, download } from '../../data/download.js';
import type { Command } from '../../protocol/command.js';
import { formatFactsOption, type MlsxEntry } from '../../protocol/facts.js';
import { parseMlst } from '../../protocol/mlst.js';
import { requireKnownOptions } from '../../protocol/option-names.js';
import { isAscii } from '../../protocol/representation-type.js';
import { byteStream } from '../../streams/byte-stream.js';
import { factsReader } from '../../streams/facts.js';
import { bindGate, deferFlow } from '../../streams/flow.js';
import { eachListingLine, listingLines } from '../../streams/listing-lines.js';
import { requireUnparsed, type UnparsedOptions } from '../../streams/unparsed.js';
import type { ValueStream } from '../../streams/value-stream.js';
import { checkLimits } from '../check-limits.js';
import { LISTING_ALIASES } from '../option-aliases.js';
import { checked, lineDecoding, type OperationContext, plainCommand$, present } from './operation.js';
import { type ReadListing, runListing } from './run-listing.js';
import { withPauseAndSignal } from './steering.js';
import type { TransferLimits } from './transfer-options.js';
import { unparsedEvent } from './unparsed-event.js';

export interface ListOptions extends TransferLimits {
  /** Options of the server's own `ls`, such as `-a`; not standard. */
  readonly args?: string | undefined;
  /** Cancels as unsubscribing does, and errors with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

export interface MlsdOptions extends TransferLimits, UnparsedOptions {
  /** Ask for these facts only, by OPTS MLST unless they are set already; they stay set, as by `opts$`. */
  readonly facts?: readonly string[] | undefined;
  /** Cancels as unsubscribing does, and errors with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

const LIST_NAMES: Readonly<Record<keyof ListOptions, true>> = {
  args: true,
  signal: true,
  deadlineMs: true,
  minRate: true,
};
const MLSD_NAMES: Readonly<Record<keyof MlsdOptions, true>> = {
  facts: true,
  unparsed: true,
  signal: true,
  deadlineMs: true,
  minRate: true,
};

/** LIST or NLST (RFC 959 section 4.1.3), line by line. */
export function listLines$(
  context: OperationContext,
  verb: 'LIST' | 'NLST',
  path: string | undefined,
  options: ListOptions,
): ValueStream<string> {
  const bytes = byteStream((sink, gate) => {
    requireKnownOptions(options, LIST_NAMES, LISTING_ALIASES);
    checkLimits(options);
    const { args, minRate } = options;
    const line = checked(context, verb, ...present(args, path === undefined ? undefined : notAnOption(path)));
    const read: ReadListing = (session, ahead, held, signal) =>
      download(session, { ...listPlan(session, line), path: path ?? '', minRate }, ahead, held, signal);
    const work = { command: line, read, limits: options };
    return withPauseAndSignal(options, sink, gate, (into) => runListing(context, work, into, gate));
  });
  return bytes.pipe(listingLines(lineDecoding(context)));
}

/** MLSD (RFC 3659 section 7), entry by entry. */
export function mlsd$(
  context: OperationContext,
  path: string | undefined,
  options: MlsdOptions,
): ValueStream<MlsxEntry> {
  return deferFlow((gate) => bindGate(oneMlsd(context, path, options), gate));
}

function oneMlsd(context: OperationContext, path: string | undefined, options: MlsdOptions): ValueStream<MlsxEntry> {
  requireKnownOptions(options, MLSD_NAMES, LISTING_ALIASES);
  requireUnparsed(options);
  checkLimits(options);
  let listedOn: Session | undefined;
  const bytes = byteStream((sink, gate) => {
    const { facts: wanted, minRate } = options;
    const line = checked(context, 'MLSD', ...present(path));
    const chosen = wanted && formatFactsOption(wanted);
    const choose = chosen === undefined ? undefined : checked(context, 'OPTS', 'MLST', chosen);
    const changes = ({ options }: UserState): boolean => choose !== undefined && options.get('MLST') !== chosen;
    const read: ReadListing = async (session, ahead, held, signal) => {
      listedOn = session;
      if (choose !== undefined && changes(session.user.applied)) await session.performForUser(choose);
      return download(session, { ...mlsdPlan(line), minRate }, ahead, held, signal);
    };
    const work = { command: line, read, limits: options, changes };
    return withPauseAndSignal(options, sink, gate, (into) => runListing(context, work, into, gate));
  });
  return bytes.pipe(
    eachListingLine<MlsxEntry>(lineDecoding(context), (subscriber) =>
      factsReader(
        options,
        (entry) => subscriber.next(entry),
        (rows) => listedOn?.tell(unparsedEvent(path, rows)),
      ),
    ),
  );
}

/** MLST (RFC 3659 section 7): the one entry between the first and the last line of the reply. */
export function mlst$(context: OperationContext, path: string | undefined): Observable<MlsxEntry> {
  return plainCommand$(context, () => checked(context, 'MLST', ...present(path)), parseMlst);
}

/**
 * RFC 959 lists in a character type; a server in TYPE I may send another line end, or EBCDIC. It begins in TYPE A. On a server that is
 * known to list in any type alike, the client sets none, unless the user has set ASCII.
 */
export function listPlan({ server, profile, learned, user }: Session, line: Command): DownloadPlan {
  const anyType = learned.lacks('TYPE A') || (profile.listsInAnyType === true && !isAscii(user.applied.type));
  const type = server.type === undefined || anyType ? undefined : 'A';
  return { command: line, type, anyTypeWillDo: true, start: 0 };
}

/** MLSD's form does not depend on the type. */
export function mlsdPlan(line: Command): DownloadPlan {
  return { command: line, type: undefined, start: 0 };
}

/** A path that begins with a hyphen would be taken for options of `ls`. */
export function notAnOption(path: string): string {
  return /^-/.test(path) ? `./${path}` : path;
}

/** `entries$`: a directory's files in one shape, by MLSD where the server has it, else by its LIST. */

import type { Observable } from 'rxjs';
import type { Session } from '../../control/session.js';
import { type Downloaded, type DownloadPlan, download } from '../../data/download.js';
import { FtpReplyError } from '../../errors.js';
import type { Cancellation } from '../../net/cancellation.js';
import { type Command, command } from '../../protocol/command.js';
import type { FileEntry } from '../../protocol/listing/file-entry.js';
import { ListingParser } from '../../protocol/listing/index.js';
import { requireKnownOptions } from '../../protocol/option-names.js';
import type { ByteSink } from '../../streams/byte-sink.js';
import { byteStream } from '../../streams/byte-stream.js';
import { bindGate, deferFlow } from '../../streams/flow.js';
import type { Gate } from '../../streams/gate.js';
import { entriesTo } from '../../streams/listing.js';
import { eachListingLine } from '../../streams/listing-lines.js';
import { checkLimits } from '../check-limits.js';
import { LISTING_ALIASES } from '../option-aliases.js';
import { listPlan, mlsdPlan, notAnOption } from './listings.js';
import { checked, given, lineDecoding, type OperationContext } from './operation.js';
import { inListed, OneLine, refusedListing, requireDirectory, withoutOwnEntry } from './own-entry.js';
import { type ReadListing, runListing } from './run-listing.js';
import { steered } from './steered.js';
import type { TransferLimits } from './transfer-options.js';
import { withUsualFacts } from './usual-facts.js';

export interface EntriesOptions extends TransferLimits {
  /** Cancels as unsubscribing does, and errors with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

const ENTRIES_NAMES: Readonly<Record<keyof EntriesOptions, true>> = {
  signal: true,
  deadlineMs: true,
  minRate: true,
};

/** The entries of a directory, without itself and its parent. */
export function entries$(
  context: OperationContext,
  path: string | undefined,
  options: EntriesOptions,
): Observable<FileEntry> {
  return deferFlow((gate) => bindGate(oneListing(context, path, options), gate));
}

/** A listing whose form is known only when there is a session: the parser is chosen just before the bytes come. */
function oneListing(
  context: OperationContext,
  path: string | undefined,
  options: EntriesOptions,
): Observable<FileEntry> {
  const reading: { parser: ListingParser | undefined } = { parser: undefined };
  const bytes = byteStream((sink, gate) => {
    requireKnownOptions(options, ENTRIES_NAMES, LISTING_ALIASES);
    checkLimits(options);
    const { minRate } = options;
    const mlsd = checked(context, 'MLSD', ...given(path));
    const list = checked(context, 'LIST', ...given(path === undefined ? undefined : notAnOption(path)));
    const listHere = command('LIST');
    const { decode } = context.settings.codec;
    const read: ReadListing = async (session, ahead, held, signal) => {
      session.channel.requireSendable(mlsd);
      reading.parser = new ListingParser({ now: new Date(), dialect: 'mlsx' });
      const oneLine = new OneLine(ahead);
      const plan = { ...mlsdPlan(mlsd), path, minRate };
      if (await byMlsd(session, plan, path, oneLine, held, signal)) {
        if (path !== undefined && !signal.aborted && oneLine.mayBeOf(path, decode))
          await requireDirectory(session, path);
        return;
      }
      reading.parser = new ListingParser({ now: new Date() });
      const byList = (line: Command): Promise<Downloaded | undefined> =>
        download(session, { ...listPlan(session, line), path, minRate }, oneLine, held, signal);
      if (path !== undefined && isUnsafeArgument(session, path)) {
        return inListed(session, path, signal, () => byList(listHere));
      }
      const done = await byList(list);
      if (done === undefined || path === undefined) return;
      // vsftpd and Pure-FTPd list a directory that does not exist as an empty one: only CWD tells the two apart.
      if (done.bytes === 0) await inListed(session, path, signal, async () => {});
      else if (oneLine.mayBeOf(path, decode)) await requireDirectory(session, path);
    };
    const work = { command: mlsd, read, limits: options };
    return steered(options, sink, gate, (into) => runListing(context, work, into, gate));
  });
  return bytes.pipe(
    eachListingLine<FileEntry>(lineDecoding(context), (subscriber) => {
      const emit = (entry: FileEntry): void => subscriber.next(entry);
      return {
        line: (line) => entriesTo(parserOf(reading), emit).line(line),
        end: () => entriesTo(parserOf(reading), emit).end?.(),
      };
    }),
    withoutOwnEntry(path),
  );
}

/** False when the server does not know MLSD after all; that is remembered. */
async function byMlsd(
  session: Session,
  plan: DownloadPlan,
  path: string | undefined,
  sink: ByteSink,
  gate: Gate,
  signal: Cancellation,
): Promise<boolean> {
  await session.settled;
  const { features, learned } = session;
  if (learned.lacks('MLSD') || !(features.has('MLST') || features.has('MLSD'))) return false;
  try {
    await withUsualFacts(session, () => download(session, plan, sink, gate, signal));
    return true;
  } catch (error) {
    if (!(error instanceof FtpReplyError) || !isNotImplemented(error.reply)) {
      throw await refusedListing(session, path, signal, error);
    }
    session.fallBack('MLSD', 'LIST', error.reply);
    return false;
  }
}

/** The server does not know MLSD: 402 and 504 are seen for that too. 501 is not, since pyftpdlib says so of a missing directory. */
function isNotImplemented({ code }: FtpReplyError['reply']): boolean {
  return code === 402 || code === 500 || code === 502 || code === 504;
}

/** Rows come only after the command, and with it the parser is chosen. */
function parserOf({ parser }: { readonly parser: ListingParser | undefined }): ListingParser {
  return parser ?? new ListingParser({ now: new Date() });
}

/** What LIST would not take for one path: patterns and blanks, by the servers' own `ls`; or any, by one that shows its complaints. */
function isUnsafeArgument({ conduct }: Session, path: string): boolean {
  return conduct.listsByLs === true || /[\s*?[\]{}~\\]/.test(path);
}

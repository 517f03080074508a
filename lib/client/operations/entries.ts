/** `entries$` emits a directory's files in one shape, by MLSD if the server has it, else by its LIST. */
import type { Session } from '../../control/session.js';
import { FtpUsageError } from '../../errors.js';
import type { Cancellation } from '../../net/cancellation.js';
import type { Command } from '../../protocol/command.js';
import type { Dialect, FileEntry } from '../../protocol/listing/file-entry.js';
import { requireKnownOptions } from '../../protocol/option-names.js';
import type { ByteSink } from '../../streams/byte-sink.js';
import { byteStream } from '../../streams/byte-stream.js';
import { bindGate, deferFlow } from '../../streams/flow.js';
import type { Gate } from '../../streams/gate.js';
import { eachListingLine } from '../../streams/listing-lines.js';
import { requireUnparsed, type UnparsedOptions } from '../../streams/unparsed.js';
import type { ValueStream } from '../../streams/value-stream.js';
import { checkLimits } from '../check-limits.js';
import { ENTRIES_ALIASES } from '../option-aliases.js';
import { MEASURED, requireTimeZone } from '../time-zone.js';
import { EntryRows } from './entry-rows.js';
import { exactTimes, KeptListing } from './exact-times.js';
import { ListCommands } from './list-commands.js';
import { DirectoryLister } from './list-directory.js';
import { notAnOption } from './listings.js';
import { checked, lineDecoding, type OperationContext, present } from './operation.js';
import { withoutOwnEntry } from './own-entry.js';
import { usesMlsd } from './path-trust.js';
import { type ReadListing, runListing } from './run-listing.js';
import { measureZone, ZoneSamples } from './server-zone.js';
import { withPauseAndSignal } from './steering.js';
import type { TransferLimits } from './transfer-options.js';

export interface EntriesOptions extends TransferLimits, UnparsedOptions {
  /**
   * List hidden files too, by `LIST -a` if there is no MLSD: on Unix, those whose names begin with a dot. A server that does not know `-a`
   * gets LIST without it. Default `false`: the server's own choice.
   */
  readonly hidden?: boolean | undefined;
  /** The form of the rows of LIST and STAT. Default: the parser finds it from the rows. */
  readonly dialect?: Dialect | undefined;
  /**
   * The zone of the times in LIST and STAT: a name such as `Europe/Berlin`, or minutes east of UTC. `'auto'` measures it by MDTM of listed
   * files, one of each month, once for a client. The entries come after that; meanwhile the client keeps the listing in memory, 64 MiB at
   * most. Times that it cannot measure have `zoneKnown: false`. Default: the client's `timeZone`, else UTC.
   */
  readonly timeZone?: string | number | undefined;
  /**
   * Ask MDTM for the time of each file that the listing does not name to the second. The entries come after that. If the server does not
   * tell a time, the entry keeps the listed one. Meanwhile the client keeps the listing in memory, 64 MiB at most. Default `false`.
   */
  readonly precise?: boolean | undefined;
  /**
   * `'stat'`: the listing comes by STAT in a reply, without a data connection. That is faster for small directories; a listing longer than
   * `maxReplyBytes` is an `FtpProtocolError`, and closes the connection.
   */
  readonly via?: 'stat' | undefined;
  /** Cancels as unsubscribing does, and errors with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

const ENTRIES_NAMES: Readonly<Record<keyof EntriesOptions, true>> = {
  unparsed: true,
  hidden: true,
  dialect: true,
  timeZone: true,
  precise: true,
  via: true,
  signal: true,
  deadlineMs: true,
  minRate: true,
};

/** The entries of a directory, without itself and its parent. */
export function entries$(
  context: OperationContext,
  path: string | undefined,
  options: EntriesOptions,
): ValueStream<FileEntry> {
  // As with `cwd$`, an empty path means here: CWD without one may go elsewhere.
  const directory = path === '' ? undefined : path;
  return deferFlow((gate) => bindGate(oneListing(context, directory, options), gate));
}

/** A listing whose form depends on the session: the parser is chosen just before the bytes come. */
function oneListing(
  context: OperationContext,
  path: string | undefined,
  options: EntriesOptions,
): ValueStream<FileEntry> {
  checkEntriesOptions(options);
  const { dialect, unparsed, via, timeZone = context.settings.timeZone } = options;
  const rows = new EntryRows({ dialect, timeZone, unparsed, path, clock: context.settings.clock });
  const decoding = lineDecoding(context);
  const bytes = byteStream((sink, gate) => {
    const line = namedCommand(context, path, via);
    const read: ReadListing = (session, ahead, held, signal) => {
      session.channel.requireSendable(line);
      const listing = { session, path, options, rows, sink: ahead, gate: held, signal };
      if (options.precise === true) return listPrecisely(listing, decoding);
      return timeZone === MEASURED ? listMeasured(listing, decoding) : listerOf(listing, ahead).list(path);
    };
    const kind = via === undefined ? 'listing' : 'exclusive';
    const work = { command: line, read, limits: options, kind } as const;
    return withPauseAndSignal(options, sink, gate, (into) => runListing(context, work, into, gate));
  });
  return bytes.pipe(
    eachListingLine<FileEntry>(decoding, (subscriber) => rows.into((entry) => subscriber.next(entry))),
    withoutOwnEntry(path),
  );
}

/** It names the listing in errors, and is checked before anything is sent. */
function namedCommand(context: OperationContext, path: string | undefined, via: EntriesOptions['via']): Command {
  checked(context, 'CWD', ...present(path));
  return via === 'stat'
    ? checked(context, 'STAT', path === undefined ? '.' : notAnOption(path))
    : checked(context, 'MLSD', ...present(path));
}

/** One listing on a session. */
interface Listing {
  readonly session: Session;
  readonly path: string | undefined;
  readonly options: EntriesOptions;
  readonly rows: EntryRows;
  readonly sink: ByteSink;
  readonly gate: Gate;
  readonly signal: Cancellation;
}

function listerOf(listing: Listing, sink: ByteSink, andThen?: () => Promise<void>): DirectoryLister {
  const { session, path, options, rows, gate, signal } = listing;
  const { minRate, hidden = false, via } = options;
  const target = {
    sink,
    gate,
    signal,
    expect: (form: Parameters<EntryRows['expect']>[1]) => rows.expect(session, form),
  };
  return new DirectoryLister(new ListCommands(session, { path, minRate, hidden, via }, target), andThen);
}

/** Keeps the listing until the times of its files are known, which are asked for in the directory. */
async function listPrecisely(listing: Listing, decoding: ReturnType<typeof lineDecoding>): Promise<void> {
  const { session, path, rows, sink, signal } = listing;
  const kept = new KeptListing(sink, 'precise');
  await listerOf(listing, kept, async () => {
    const names: string[] = [];
    rows.preview(kept.chunks, decoding, ({ name, precision }) => {
      if (precision !== 'second') names.push(name);
    });
    rows.know(await exactTimes(session, names, signal));
  }).list(path);
  kept.handOn();
}

/** Keeps the listing until the server's clock is measured, in the directory too. MLSD has UTC, so it is emitted as it comes. */
async function listMeasured(listing: Listing, decoding: ReturnType<typeof lineDecoding>): Promise<void> {
  const { session, path, rows, sink, signal, options } = listing;
  await session.settled;
  if (usesMlsd(session, options) || session.learned.lacks('MDTM')) return listerOf(listing, sink).list(path);
  const kept = new KeptListing(sink, 'timeZone');
  await listerOf(listing, kept, async () => {
    const samples = new ZoneSamples();
    rows.preview(kept.chunks, decoding, (entry) => samples.add(entry));
    await measureZone(session, samples, signal);
  }).list(path);
  kept.handOn();
}

function checkEntriesOptions(options: EntriesOptions): void {
  requireKnownOptions(options, ENTRIES_NAMES, ENTRIES_ALIASES);
  requireUnparsed(options);
  checkLimits(options);
  requireTimeZone(options.timeZone);
  for (const name of ['hidden', 'precise'] as const) {
    const value: unknown = options[name];
    if (value !== undefined && typeof value !== 'boolean')
      throw new FtpUsageError(`The option ${name} must be a boolean.`);
  }
  const { via }: { readonly via?: unknown } = options;
  if (via !== undefined && via !== 'stat') throw new FtpUsageError("The option via must be 'stat'.");
}

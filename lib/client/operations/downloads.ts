/** Runs RETR and other commands whose data comes to the client, as byte streams. */

import type { Session } from '../../control/session.js';
import type { LeasedWork, LeaseTask } from '../../control/task-runner.js';
import { type Downloaded, type DownloadPlan, download } from '../../data/download.js';
import { withinDeadline } from '../../data/transfer-deadline.js';
import { FtpReplyError, FtpUsageError } from '../../errors.js';
import type { Cancellation } from '../../net/cancellation.js';
import type { Command } from '../../protocol/command.js';
import type { VerifiedBy } from '../../protocol/hash-algorithms.js';
import { isAscii } from '../../protocol/representation-type.js';
import { parseSize } from '../../protocol/size.js';
import type { ByteSink } from '../../streams/byte-sink.js';
import { type ByteStream, byteStream } from '../../streams/byte-stream.js';
import type { Gate } from '../../streams/gate.js';
import { askSize } from './ask-size.js';
import { type Checked, DownloadChecks, needsChecks } from './checked-download.js';
import { checked, type OperationContext, repeatable } from './operation.js';
import { withPauseAndSignal } from './steering.js';
import type { RetrOptions } from './transfer-options.js';
import { typeCode } from './transfer-options.js';

/** Work that writes into a sink; resolves with the downloaded range, if it is known. */
export type SinkWork = (session: Session, signal: Cancellation) => Promise<Downloaded | undefined>;

/** RETR (RFC 959, section 4.1.3). `check` throws for bad options at subscription. */
export function retrieve(
  context: OperationContext,
  path: string,
  options: RetrOptions,
  check?: () => void,
): ByteStream {
  return byteStream((sink, gate) => {
    check?.();
    const line = checked(context, 'RETR', path);
    return withPauseAndSignal(options, sink, gate, (into) => {
      const work: SinkWork = (session, signal) =>
        retrieveInTime(session, line, { path, options, sink: into, gate, signal });
      const { name, mayRepeat } = repeatable(line);
      const mustNotRepeat = (): boolean => gate.hasPassed;
      const taskOf = (leased: LeasedWork): LeaseTask => ({
        kind: 'transfer',
        name,
        mayRepeat,
        mustNotRepeat,
        work: leased,
      });
      return runIntoSink(context, work, taskOf, into);
    });
  });
}

/** RETR counts and cuts bytes by the type, so that it needs one. */
export interface RetrievePlan extends DownloadPlan {
  readonly type: string;
}

/** The receivers of one download. */
export interface RetrievalTarget {
  readonly path: string;
  readonly sink: ByteSink;
  readonly gate: Gate;
  readonly signal: Cancellation;
}

/** The same, and the options of the download. */
interface Retrieval extends RetrievalTarget {
  readonly options: RetrOptions;
}

function retrieveInTime(session: Session, line: Command, retrieval: Retrieval): Promise<Downloaded | undefined> {
  const { deadlineMs = session.settings.deadlineMs } = retrieval.options;
  return deadlineMs === 0
    ? retrieveOnce(session, line, retrieval)
    : retrieveWithin(deadlineMs, session, line, retrieval);
}

function retrieveWithin(
  deadlineMs: number,
  session: Session,
  line: Command,
  retrieval: Retrieval,
): Promise<Downloaded | undefined> {
  const run = (signal: Cancellation): Promise<Downloaded | undefined> =>
    retrieveOnce(session, line, { ...retrieval, signal });
  return withinDeadline({ session, deadlineMs, command: line.masked, run }, retrieval.signal);
}

/** Asks for the size if the options demand it, then downloads. */
function retrieveOnce(session: Session, line: Command, retrieval: Retrieval): Promise<Downloaded | undefined> {
  const { path, options } = retrieval;
  const type = typeCode(options.type) ?? session.user.applied.type;
  if (needsChecks(options)) return retrieveChecked(session, { line, path, type, options }, retrieval);
  return options.verify === 'size' && !isAscii(type)
    ? retrieveSized(session, line, type, retrieval)
    : retrieveFrom(session, planRetrieve(line, type, options.size, options), retrieval);
}

/** Downloads once SIZE has told the size. */
async function retrieveSized(
  session: Session,
  line: Command,
  type: string,
  retrieval: Retrieval,
): Promise<Downloaded | undefined> {
  const { path, options } = retrieval;
  const size = await knownSize(session, line, path, options);
  return retrieveFrom(session, planRetrieve(line, type, size, options), retrieval);
}

/** Downloads what is checked by more than its byte count. */
async function retrieveChecked(
  session: Session,
  checked: Checked,
  retrieval: Retrieval,
): Promise<Downloaded | undefined> {
  const { line, type, options } = checked;
  const { sink, signal } = retrieval;
  const checks = await DownloadChecks.open(session, checked);
  if (signal.aborted) return undefined;
  const plan = planRetrieve(line, type, checks.size, { ...options, start: checks.start });
  const verify = (bytes: number): Promise<VerifiedBy | undefined> => checks.verify(bytes, signal);
  const expected = checks.expected(plan.expected);
  return retrieveFrom(session, { ...plan, expected, verify }, { ...retrieval, sink: checks.sink(sink) });
}

/** Downloads; if the server refuses an offset at the very end of the file, nothing is left to download. */
export function retrieveFrom(
  session: Session,
  plan: RetrievePlan,
  target: RetrievalTarget,
): Promise<Downloaded | undefined> {
  const { sink, gate, signal } = target;
  const downloaded = download(session, plan, sink, gate, signal);
  return plan.start === 0 || isAscii(plan.type) ? downloaded : orNothingLeft(downloaded, session, plan, target);
}

async function orNothingLeft(
  downloaded: Promise<Downloaded | undefined>,
  session: Session,
  { start, named }: RetrievePlan,
  { path, signal }: RetrievalTarget,
): Promise<Downloaded | undefined> {
  try {
    return await downloaded;
  } catch (error) {
    if (signal.aborted || !isRefusedForGood(error)) throw error;
    // A question that fails shows nothing: the refusal stands.
    const end = named === undefined ? await sizeOf(session, path).catch(() => undefined) : start + named;
    if (end !== start) throw error;
    return { bytes: 0, verifiedBy: 'size' };
  }
}

/** Nothing was sent, and will not be: whether anything is left to send, the size tells, and not the code. */
function isRefusedForGood(error: unknown): boolean {
  return error instanceof FtpReplyError && error.outcome === 'refused' && !error.transient;
}

/** The size by SIZE, if the server tells it. */
async function sizeOf(session: Session, path: string): Promise<number | undefined> {
  if (session.channel.cause !== undefined) return undefined;
  const sized = await askSize(session, path);
  return sized?.outcome === 'completion' ? parseSize(sized.reply.text) : undefined;
}

/** Runs work that writes into `sink`, as the task that `taskOf` makes of it, and ends the sink as the task ends. */
export function runIntoSink(
  context: OperationContext,
  work: SinkWork,
  taskOf: (leased: LeasedWork) => LeaseTask,
  sink: ByteSink,
): () => void {
  let verifiedBy: VerifiedBy | undefined;
  const leased: LeasedWork = (session, signal) =>
    work(session, signal).then((done) => {
      verifiedBy = done?.verifiedBy;
    });
  return context.runner.start(taskOf(leased), (end) =>
    end === undefined ? sink.complete(verifiedBy) : sink.error(end.error),
  );
}

/** The size that SIZE names, else the one that is given. Nothing is asked for a transfer whose command cannot be sent. */
async function knownSize(
  session: Session,
  line: Command,
  path: string,
  { size }: RetrOptions,
): Promise<number | undefined> {
  session.channel.requireSendable(line);
  return (await sizeOf(session, path)) ?? size;
}

/** The plan of a RETR; throws for a `start` beyond the end. */
export function planRetrieve(
  line: Command,
  type: string,
  size: number | undefined,
  options: RetrOptions,
): RetrievePlan {
  const { start = 0, end, verify = 'known' } = options;
  const binary = !isAscii(type);
  const known = binary ? size : undefined;
  if (known !== undefined && start > known) throw beyondTheEnd(start, known);
  const whole = end === undefined || (known !== undefined && end >= known);
  return {
    command: line,
    type,
    start,
    length: whole ? undefined : end - start,
    named: size === undefined ? undefined : size - start,
    expected: verify === false || known === undefined ? undefined : known - start,
    checkAnnounced: verify !== false && binary,
    localLineEnds: !binary,
    minRate: options.minRate,
  };
}

function beyondTheEnd(start: number, size: number): FtpUsageError {
  return new FtpUsageError(`The option start (${start}) is beyond the end of the file (${size} bytes).`);
}

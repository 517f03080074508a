/** RETR and the other commands that send bytes to the client, as byte streams. */
import type { Observable } from 'rxjs';
import type { ControlSession } from '../../control/control-session.js';
import type { LeasedWork, LeaseTask } from '../../control/lease-host.js';
import { type DownloadPlan, download } from '../../data/download.js';
import { FtpUsageError } from '../../errors.js';
import type { Cancellation } from '../../net/cancellation.js';
import { type Command, command } from '../../protocol/command.js';
import { isAscii } from '../../protocol/representation-type.js';
import { parseSize } from '../../protocol/size.js';
import { onAbort } from '../../streams/abort-signal.js';
import type { ByteSink } from '../../streams/byte-sink.js';
import { type ByteStream, byteStream } from '../../streams/byte-stream.js';
import { type Gate, Hold } from '../../streams/gate.js';
import { checkRetrOptions } from './check-transfer-options.js';
import { checked, type OperationContext } from './operation.js';
import type { RetrOptions } from './transfer-options.js';
import { typeCode } from './transfer-type.js';

/** How a running stream is steered from outside. */
type StreamControls = Pick<RetrOptions, 'pause$' | 'signal'>;

/** Work that writes into a sink; resolves with whether the byte count was checked. */
export type SinkWork = (session: ControlSession, signal: Cancellation) => Promise<boolean>;

/** A task whose work writes into a sink. */
export type SinkTask = Omit<LeaseTask, 'work'> & { readonly work: SinkWork };

/** RETR (RFC 959, section 4.1.3). */
export function retrieve(context: OperationContext, path: string, options: RetrOptions): ByteStream {
  return byteStream((sink, gate) => {
    checkRetrOptions(options);
    const line = checked(context, 'RETR', path);
    const work: SinkWork = async (session, signal) => {
      session.channel.requireSendable(line);
      const plan = await planRetrieve(session, line, path, options);
      const done = await download(session, plan, sink, gate, signal);
      return done?.verified === true;
    };
    return runIntoSink(context, { kind: 'transfer', work }, sink, gate, options);
  });
}

/** Runs a task that writes into `sink`, and ends the sink as the task ends. */
export function runIntoSink(
  context: OperationContext,
  { work, ...terms }: SinkTask,
  sink: ByteSink,
  gate: Gate,
  options: StreamControls = {},
): () => void {
  const cleanUp: (() => void)[] = [];
  let over = false;
  let verified = false;
  const finish = (notify: () => void): void => {
    if (over) return;
    over = true;
    for (const undo of cleanUp.splice(0)) undo();
    notify();
  };
  const fail = (error: unknown): void => finish(() => sink.error(error));
  cleanUp.push(onAbort(options.signal, fail), holdWhile(options.pause$, gate, fail));
  if (over) return () => {};
  const leased: LeasedWork = async (session, signal) => {
    verified = await work(session, signal);
  };
  const ended = (error?: unknown): void => (error === undefined ? finish(() => sink.complete(verified)) : fail(error));
  cleanUp.push(context.host.start({ ...terms, work: leased }, ended));
  return () => finish(() => {});
}

async function planRetrieve(
  session: ControlSession,
  line: Command,
  path: string,
  options: RetrOptions,
): Promise<DownloadPlan> {
  const { start = 0, end, verify = 'known' } = options;
  const type = typeCode(options.type) ?? session.user.applied.type;
  const binary = !isAscii(type);
  let { size } = options;
  if (verify === 'size' && binary) {
    await session.ensureType('I');
    const { reply, outcome } = await session.request(command('SIZE', path));
    if (outcome === 'completion') size = parseSize(reply.text);
  }
  if (size !== undefined && binary && start > size) {
    throw new FtpUsageError(`The option start (${start}) is beyond the end of the file (${size} bytes).`);
  }
  const whole = end === undefined || (size !== undefined && binary && end >= size);
  return {
    command: line,
    type,
    start,
    length: whole ? undefined : end - start,
    expected: verify === false || size === undefined || !binary ? undefined : size - start,
    checkAnnounced: verify !== false && binary,
    localLineEnds: !binary,
  };
}

/** Holds the gate while the last value was true; a `pause$` that completes lets go. */
function holdWhile(pause$: Observable<boolean> | undefined, gate: Gate, fail: (error: unknown) => void): () => void {
  const hold = new Hold(gate);
  const subscription = pause$?.subscribe({
    next: (paused) => (paused ? hold.take() : hold.release()),
    complete: () => hold.release(),
    error: fail,
  });
  return () => {
    subscription?.unsubscribe();
    hold.release();
  };
}

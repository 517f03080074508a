/** Runs STOR, APPE and STOU: uploads as Observables of their progress. */
import type { Observable } from 'rxjs';
import type { Session } from '../../control/session.js';
import { withinDeadline } from '../../data/transfer-deadline.js';
import { type Sent, type Uploaded, type UploadPlan, upload } from '../../data/upload.js';
import type { Cancellation } from '../../net/cancellation.js';
import type { Command } from '../../protocol/command.js';
import type { VerifiedBy } from '../../protocol/hash-algorithms.js';
import { isAscii } from '../../protocol/representation-type.js';
import { untilAborted } from '../../streams/abort-signal.js';
import { ProgressMeter, type TransferProgress } from '../../streams/progress-meter.js';
import type { SourceReader } from '../../streams/source.js';
import { checkStart, refuseAsciiHash } from './check-transfer-options.js';
import { HashProof } from './hash-proof.js';
import { checked, type OperationContext, present, repeatable, task$, type Work } from './operation.js';
import { StoredFile, type UploadTarget } from './stored-file.js';
import type { StorOptions } from './transfer-options.js';
import { typeCode } from './transfer-options.js';
import type { UploadContent } from './upload-content.js';

/**
 * Runs one upload: progress while it lasts, and a last one when the server's final reply is in. `check` throws for bad
 * options at subscription.
 */
export function store$(
  context: OperationContext,
  target: UploadTarget,
  content: UploadContent,
  options: StorOptions,
  check: () => void,
): Observable<TransferProgress> {
  const upload$ = task$<TransferProgress>(context, () => {
    content.check();
    check();
    const { verb, path } = target;
    const line = verb === 'STOU' ? checked(context, verb, ...present(path)) : checked(context, verb, path);
    content.requireUsable();
    const progress: StoringProgress = { attempt: 1, isStored: false, mayBeginLate: false };
    return {
      kind: 'transfer',
      ...repeatable(line),
      mustNotRepeat: () => content.isUsedUp() || (progress.isStored && verb !== 'STOR'),
      onRepeat: (attempt) => {
        progress.attempt = attempt;
      },
      work: storing(context, line, target, content, options, progress),
    };
  });
  // JavaScript may give null, which is refused at subscription.
  return untilAborted(content.guard(upload$), options?.signal);
}

/** How far an upload has come, over all its attempts. */
interface StoringProgress {
  attempt: number;
  /** The server has reported success: a later failure is that of a check. */
  isStored: boolean;
  /** The session of a try was lost before any reply to STOR. The server may begin that late, and empty the file. */
  mayBeginLate: boolean;
}

function storing(
  context: OperationContext,
  line: Command,
  target: UploadTarget,
  content: UploadContent,
  options: StorOptions,
  progress: StoringProgress,
): Work<TransferProgress> {
  return async (session, emit, signal) => {
    const type = typeCode(options.type) ?? session.user.applied.type;
    const ascii = isAscii(type);
    // The type may be that of `type$`, or of the client.
    checkStart(options.start, type);
    const reader = content.read();
    // Of a file it is known when that is open, of a download when the other server has opened it.
    const total = (): number | undefined => (ascii ? undefined : (content.size ?? reader.expectedBytes?.()));
    const meter = new ProgressMeter({
      path: target.path,
      total,
      tried: () => ({ attempt: progress.attempt }),
      intervalMs: options.progressIntervalMs ?? context.settings.progressIntervalMs,
      now: session.channel.timers.now,
    });
    const onBytes = (bytes: number): void => {
      const report = meter.add(bytes - meter.bytes);
      if (report !== undefined) emit(report);
    };
    const file = new StoredFile(session, target, options);
    const { verify: check = false } = options;
    if (check === 'hash' && ascii) refuseAsciiHash();
    const verifies = check !== false && !ascii;
    session.channel.requireSendable(line);
    const { opening, requireUsable: onReady } = content;
    const { onBegun, discardPartial: onPartial } = file;
    const { start = 0, minRate, deadlineMs = session.settings.deadlineMs } = options;
    const plan = {
      command: line,
      type,
      localLineEnds: ascii,
      start,
      minRate,
      total,
      opening,
      onReady,
      onBegun,
      onPartial,
      onUnanswered: () => {
        progress.mayBeginLate = true;
      },
    };
    const run = async (limited: Cancellation): Promise<Uploaded | undefined> => {
      const onStored = (): void => {
        progress.isStored = true;
      };
      if (check === 'hash') return storeHashed(session, file, plan, reader, { onBytes, onStored }, limited);
      await file.ask(verifies);
      const verify = async (sent: Sent): Promise<VerifiedBy | undefined> => {
        onStored();
        if (verifies) return file.verifySize(sent);
        return progress.mayBeginLate && !ascii ? file.verifyNotEmptied(sent) : undefined;
      };
      return upload(session, { ...plan, verify }, reader, onBytes, limited);
    };
    const work = { session, deadlineMs, command: line.masked, run, moved: () => meter.bytes };
    const done = await withinDeadline(work, signal);
    if (done === undefined) return;
    const path = file.pathAfter(done);
    emit({ ...meter.done(done.verifiedBy), ...(path === undefined ? {} : { path }) });
  };
}

/** An upload that is hashed as it is sent. Whether the server can tell a checksum is found out before anything is stored. */
async function storeHashed(
  session: Session,
  file: StoredFile,
  plan: UploadPlan,
  reader: SourceReader,
  { onBytes, onStored }: { readonly onBytes: (bytes: number) => void; readonly onStored: () => void },
  signal: Cancellation,
): Promise<Uploaded | undefined> {
  const whole = await HashProof.open(session);
  await file.ask(true);
  const proof = file.requireOffset() > 0 ? whole.forRange() : whole;
  const verify = (sent: Sent): Promise<VerifiedBy | undefined> => {
    onStored();
    return file.verifyHash(sent, proof, signal);
  };
  return upload(session, { ...plan, verify }, proof.reader(reader), onBytes, signal);
}

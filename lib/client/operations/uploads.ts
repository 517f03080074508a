/** STOR, APPE and STOU: uploads as Observables of their progress. */
import type { Observable } from 'rxjs';
import type { ControlSession } from '../../control/control-session.js';
import { type Uploaded, upload } from '../../data/upload.js';
import { FtpTransferError } from '../../errors.js';
import { type Command, command } from '../../protocol/command.js';
import { isAscii } from '../../protocol/representation-type.js';
import { parseSize } from '../../protocol/size.js';
import { parseStoredName } from '../../protocol/stored-name.js';
import { untilAborted } from '../../streams/abort-signal.js';
import { asciiEncoded } from '../../streams/ascii.js';
import { ProgressMeter, type TransferProgress } from '../../streams/progress-meter.js';
import { checkStorOptions } from './check-transfer-options.js';
import { checked, given, type OperationContext, operation$, type Work } from './operation.js';
import type { StorOptions } from './transfer-options.js';
import { typeCode } from './transfer-type.js';
import type { UploadContent } from './upload-content.js';

/** Which command stores, and under what path. */
export type Target =
  | { readonly verb: 'STOR' | 'APPE'; readonly path: string }
  | { readonly verb: 'STOU'; readonly path: string | undefined };

/** Runs one upload: progress while it lasts, and a last one when the server's final reply is in. */
export function store$(
  context: OperationContext,
  target: Target,
  content: UploadContent,
  options: StorOptions = {},
): Observable<TransferProgress> {
  const upload$ = operation$<TransferProgress>(context, 'transfer', () => {
    content.check();
    checkStorOptions(options);
    const { verb, path } = target;
    const line = verb === 'STOU' ? checked(context, verb, ...given(path)) : checked(context, verb, path);
    content.requireUsable();
    return storing(context, line, target, content, options);
  });
  // JavaScript may give null, which is refused at subscription.
  return untilAborted(content.guard(upload$), options?.signal);
}

function storing(
  context: OperationContext,
  line: Command,
  target: Target,
  content: UploadContent,
  options: StorOptions,
): Work<TransferProgress> {
  return async (session, emit, signal) => {
    const type = typeCode(options.type) ?? session.user.applied.type;
    const ascii = isAscii(type);
    const meter = new ProgressMeter({
      path: target.path,
      // Of a file it is known when that is open.
      get total() {
        return ascii ? undefined : content.size;
      },
      intervalMs: options.progressIntervalMs ?? context.settings.progressIntervalMs,
      now: () => performance.now(),
    });
    const onBytes = (bytes: number): void => {
      const report = meter.add(bytes - meter.bytes);
      if (report !== undefined) emit(report);
    };
    const reader = content.read();
    const { opening, requireUsable: onReady } = content;
    const onPartial = (): Promise<void> => discardPartial(session, target, options);
    const plan = { command: line, type, start: options.start ?? 0, opening, onReady, onPartial };
    const done = await upload(session, plan, ascii ? asciiEncoded(reader) : reader, onBytes, signal);
    if (done === undefined) return;
    const verified = options.verify === 'size' && !ascii;
    if (verified) await verifySize(session, target, done, options);
    emit({ ...meter.done(verified), ...storedPath(target, done) });
  };
}

/**
 * SIZE after the transfer (RFC 3659 section 4) must be what was sent: a file of another size is a failed upload. Where SIZE
 * is refused nothing speaks against the server's own word, so that nothing is deleted.
 */
async function verifySize(
  session: ControlSession,
  target: Target,
  done: Uploaded,
  options: StorOptions,
): Promise<void> {
  await session.ensureType('I');
  const name = storedPath(target, done).path;
  const size = parseSize((await session.perform('SIZE', name)).text);
  const expected = (options.start ?? 0) + done.bytes;
  if (size === expected) return;
  await discardPartial(session, target, options);
  throw new FtpTransferError(
    `${target.verb} ${name} was reported complete, but the file at the server has ${size} bytes where ${expected} were expected.`,
    { command: `${target.verb} ${name}`, bytes: done.bytes, reply: done.final },
  );
}

/**
 * What a failed or cancelled upload has left is deleted when the user asked for that. That it is not there is fine, and
 * that it cannot be deleted is less than the reason it is deleted for.
 */
async function discardPartial(session: ControlSession, { path }: Target, options: StorOptions): Promise<void> {
  if (options.deletePartial !== true || path === undefined || session.channel.cause !== undefined) return;
  await session.request(command('DELE', path)).catch(() => undefined);
}

/** The name the server chose, where it says so; else the name that was asked for. */
function storedPath(target: Target, { preliminary, final }: Uploaded): { path?: string } {
  const named =
    target.verb === 'STOU'
      ? ((preliminary && parseStoredName(preliminary)) ?? (final && parseStoredName(final)))
      : undefined;
  const path = named ?? target.path;
  return path === undefined ? {} : { path };
}

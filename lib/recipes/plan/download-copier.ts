/** Copies files of a plan from a server to the local disk. */
import { catchError, firstValueFrom, type Observable } from 'rxjs';
import { FtpTransferError, FtpUsageError } from '../../errors.js';
import { printable } from '../../protocol/printable.js';
import type { TransferProgress } from '../../streams/progress-meter.js';
import { downloadInto$ } from '../download.js';
import type { DownloadFtp, LocalPlan } from '../local-plan.js';
import { fileToReplace, PartialFile } from '../partial-file.js';
import type { LocalTree } from '../tree/local-tree.js';
import type { RemoteTree } from '../tree/remote-tree.js';
import { afterwards$ } from './afterwards.js';
import { type CopySettings, type FileCopier, temporaryPath } from './file-copier.js';
import { limitedRetr } from './limited-ftp.js';
import type { PlanStep } from './plan.js';
import type { RoughTimes } from './rough-times.js';

export class DownloadCopier implements FileCopier {
  readonly #source: RemoteTree;
  readonly #target: LocalTree;
  readonly #settings: CopySettings;
  readonly #times: RoughTimes;
  readonly #ftp: DownloadFtp;

  constructor(source: RemoteTree, target: LocalTree, settings: CopySettings, times: RoughTimes) {
    this.#source = source;
    this.#target = target;
    this.#settings = settings;
    this.#times = times;
    this.#ftp = { retr$: limitedRetr(source.ftp, settings.rate) };
  }

  copy(step: PlanStep): Observable<TransferProgress> {
    const remote = this.#source.at(step.path);
    return afterwards$(
      () => this.#prepare(step, remote),
      (plan) => this.#settings.slots.run(downloadInto$({ ftp: this.#ftp, remote, options: {} }, plan)),
    ).pipe(
      catchError((error: unknown) => {
        throw isTaken(error) ? new FtpUsageError(takenMeanwhile(step.path), { cause: error }) : error;
      }),
    );
  }

  async #prepare(step: PlanStep, remote: string): Promise<LocalPlan> {
    await this.#target.requireInside(step.path);
    const final = this.#target.at(step.path);
    // The check has just found no file; a file that appears meanwhile is not replaced.
    const found = step.was === undefined ? undefined : await fileToReplace(final);
    const file = new PartialFile(final, {
      path: temporaryPath(this.#target, step.path, this.#settings),
      mode: step.mode ?? found?.mode,
      exclusive: step.was === undefined,
    });
    const modified = this.#settings.keepTime ? await this.#times.exact(step) : undefined;
    const confirm = (bytes: number): Promise<void> | undefined =>
      step.bytes === undefined || step.bytes === bytes ? undefined : this.#requireWhole(step.bytes, remote, bytes);
    return { file, keeps: false, tail: undefined, modified, size: undefined, confirm };
  }

  /** A file may have changed since the plan was made. One that is shorter for another reason is truncated. */
  async #requireWhole(planned: number, remote: string, bytes: number): Promise<void> {
    const size = await firstValueFrom(this.#source.short.size$(remote)).catch(() => undefined);
    if (size === bytes) return;
    throw new FtpTransferError(
      `RETR ${remote} has given ${bytes} bytes; the listing says ${planned}, and SIZE ${size ?? 'nothing'}.`,
      { command: `RETR ${remote}`, bytes },
    );
  }
}

function isTaken(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'EEXIST';
}

function takenMeanwhile(path: string): string {
  return `The target's "${printable(path)}" has changed since the plan: it was not there, and is now. Plan anew.`;
}

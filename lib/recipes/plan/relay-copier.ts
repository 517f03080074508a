/** Copies files of a plan from one server to another, through this machine and without its disk. */
import { type Observable, tap } from 'rxjs';
import type { FileReading } from '../../sinks/file-source.js';
import type { TransferProgress } from '../../streams/progress-meter.js';
import type { UploadFtp } from '../remote-plan.js';
import { requireRenaming } from '../remote-publish.js';
import type { RemoteTree } from '../tree/remote-tree.js';
import { stored$, type Upload } from '../upload.js';
import { afterwards$ } from './afterwards.js';
import { type CopySettings, type FileCopier, temporaryPath } from './file-copier.js';
import { limitedRetr } from './limited-ftp.js';
import type { PlanStep } from './plan.js';
import type { RoughTimes } from './rough-times.js';
import { storingFtp } from './upload-copier.js';

export class RelayCopier implements FileCopier {
  readonly #source: RemoteTree;
  readonly #target: RemoteTree;
  readonly #settings: CopySettings;
  readonly #ftp: UploadFtp;
  readonly #times: RoughTimes;

  constructor(source: RemoteTree, target: RemoteTree, settings: CopySettings, times: RoughTimes) {
    this.#source = source;
    this.#target = target;
    this.#settings = settings;
    this.#ftp = storingFtp(target, settings);
    this.#times = times;
  }

  copy(step: PlanStep): Observable<TransferProgress> {
    return afterwards$(
      () => this.#timeOf(step),
      (modified) => stored$(this.#prepare(step, modified)),
    );
  }

  #prepare({ path, bytes }: PlanStep, modified: Date | undefined): Upload {
    const { atomic, rate } = this.#settings;
    const final = this.#target.at(path);
    if (atomic) requireRenaming(this.#ftp, final);
    const reading: FileReading = {};
    const retr$ = limitedRetr(this.#source.ftp, rate);
    const source = retr$(this.#source.at(path)).pipe(tap({ complete: () => (reading.isRead = true) }));
    return {
      ftp: this.#ftp,
      options: { atomic, keepTime: modified !== undefined, verify: atomic ? undefined : 'size' },
      verifiesBesideTime: atomic,
      file: { modified: modified ?? new Date(0), size: bytes },
      plan: { final, stored: atomic ? temporaryPath(this.#target, path, this.#settings) : final, start: 0 },
      given: { source, reading },
    };
  }

  async #timeOf(step: PlanStep): Promise<Date | undefined> {
    return this.#settings.keepTime ? this.#times.exact(step) : undefined;
  }
}

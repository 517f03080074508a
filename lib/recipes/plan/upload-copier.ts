/** Copies files of a plan from the local disk to a server. */
import { lstat, stat } from 'node:fs/promises';
import type { Observable } from 'rxjs';
import { sharingParts } from '../../client/parts.js';
import { FtpUsageError } from '../../errors.js';
import { printable } from '../../protocol/printable.js';
import { type FileReading, FileSource } from '../../sinks/file-source.js';
import { kindOf } from '../../sinks/regular-file.js';
import { readSmall, SmallSource } from '../../sinks/small-source.js';
import type { TransferProgress } from '../../streams/progress-meter.js';
import { foundFile } from '../readable-file.js';
import type { LocalFile, UploadFtp } from '../remote-plan.js';
import { requireRenaming } from '../remote-publish.js';
import type { LocalTree } from '../tree/local-tree.js';
import type { RemoteTree } from '../tree/remote-tree.js';
import { stored$, type Upload } from '../upload.js';
import { afterwards$ } from './afterwards.js';
import { type CopySettings, type FileCopier, temporaryPath } from './file-copier.js';
import { limitedSource, TolerantTimes } from './limited-ftp.js';
import type { PlanStep } from './plan.js';

export class UploadCopier implements FileCopier {
  readonly #source: LocalTree;
  readonly #target: RemoteTree;
  readonly #settings: CopySettings;
  readonly #ftp: UploadFtp;

  constructor(source: LocalTree, target: RemoteTree, settings: CopySettings) {
    this.#source = source;
    this.#target = target;
    this.#settings = settings;
    this.#ftp = storingFtp(target, settings);
  }

  copy(step: PlanStep): Observable<TransferProgress> {
    return afterwards$(() => this.#prepare(step), stored$);
  }

  async #prepare({ path }: PlanStep): Promise<Upload> {
    const { atomic, keepTime, followLinks, rate } = this.#settings;
    const local = this.#source.at(path);
    const final = this.#target.at(path);
    if (atomic) requireRenaming(this.#ftp, final);
    if (!followLinks) await this.#source.requireInside(path);
    const small = await readSmall(local, followLinks);
    const file = small ?? (await this.#found(path));
    const stored = atomic ? temporaryPath(this.#target, path, this.#settings) : final;
    const upload = {
      ftp: this.#ftp,
      options: { atomic, keepTime, verify: atomic ? undefined : 'size' },
      verifiesBesideTime: atomic,
      file,
      plan: { final, stored, start: 0 },
    } as const;
    if (small === undefined && rate === undefined) return upload;
    const reading: FileReading = {};
    const source =
      'bytes' in file ? new SmallSource(file.bytes, reading) : new FileSource(local, 0, file.open, reading);
    return { ...upload, given: { source: rate === undefined ? source : limitedSource(source, rate), reading } };
  }

  /** The plan knows a file. The target of a link is not in the plan, and may be outside of the tree. */
  async #found(path: string): Promise<LocalFile> {
    const { followLinks: followsLinks } = this.#settings;
    const local = this.#source.at(path);
    const found = await (followsLinks ? stat(local) : lstat(local));
    if (found.isFile()) return foundFile(local, { followsLinks });
    throw new FtpUsageError(`The source's "${printable(path)}" is ${kindOf(found)} now, and was a file. Plan anew.`);
  }
}

/** The operations of the target's client that storing needs. */
export function storingFtp({ ftp, short }: RemoteTree, { slots }: CopySettings): UploadFtp {
  const times = new TolerantTimes(short);
  return sharingParts<UploadFtp>(ftp, {
    stor$: (path, source, options) => slots.run(ftp.stor$(path, source, options)),
    size$: (path, options) => short.size$(path, options),
    lookup$: (path, options) => short.lookup$(path, options),
    rename$: (from, to, options) => short.rename$(from, to, options),
    dele$: (path, options) => short.dele$(path, options),
    mfmt$: times.mfmt$,
  });
}

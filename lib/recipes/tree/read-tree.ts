/**
 * Reads a tree, several directories at a time, depth first. It emits each entry and each failure.
 *
 * An Observable cannot be held, but a Flow can. While its consumer holds, it begins no other directory. It reads the running listings into
 * memory, up to a limit. A listing that waits on its socket would keep a session from the consumer's own work. Depth first, the waiting
 * directories are the neighbours of the current ones' parents.
 */
import type { Subscriber, Subscription } from 'rxjs';
import { FtpProtocolError, FtpUsageError } from '../../errors.js';
import type { FileEntry } from '../../protocol/listing/file-entry.js';
import { printable } from '../../protocol/printable.js';
import { bindGate, Flow } from '../../streams/flow.js';
import type { Gate } from '../../streams/gate.js';
import { Branch } from './branch.js';
import { pathIn, type TreeEntry } from './tree-entry.js';
import { isFatal, MAX_DEPTH } from './tree-faults.js';
import { TreeOutput } from './tree-output.js';
import type { TreePlace } from './tree-place.js';

/** The treatment of an entry. */
export interface Visit {
  readonly shown: boolean;
  /** Counts for a directory. */
  readonly entered: boolean;
}

export interface ReadTreeOptions {
  readonly concurrency: number;
  readonly links: 'show' | 'follow';
  readonly visit: (entry: TreeEntry) => Visit;
}

/** The findings in a tree. */
export type TreeEvent =
  /** `link`: it is a followed link, and the entry describes its target. */
  | { readonly type: 'entry'; readonly entry: TreeEntry; readonly link: boolean }
  /** The directory's listing is whole: every entry of it was found or has failed. */
  | { readonly type: 'listed'; readonly path: string }
  /** `listing`: of the directory `path`, not all entries are known. Else one name in a directory. */
  | { readonly type: 'failed'; readonly path: string; readonly listing: boolean; readonly error: unknown };

/**
 * Errors as the listing of the root does. It also errors if no single directory is to blame: a refused login, a lost session, a
 * certificate. Any other failure is an event, and the rest goes on.
 */
export function readTree(tree: TreePlace, options: ReadTreeOptions): Flow<TreeEvent> {
  return new Flow((subscriber, gate) => new TreeReader(tree, options, subscriber).start(gate));
}

/** A directory to list, or a link whose end is to be found. */
interface Task {
  readonly branch: Branch;
  readonly link?: FileEntry;
}

/** Of an entry: where its directory goes, and whether it is a link that was followed. */
interface Found {
  readonly further: Task[];
  readonly link: boolean;
}

class TreeReader {
  readonly #tree: TreePlace;
  readonly #options: ReadTreeOptions;
  readonly #output: TreeOutput<TreeEvent>;
  /** The last one is the next. */
  readonly #tasks: Task[] = [];
  readonly #left = new AbortController();
  #running = 0;

  constructor(tree: TreePlace, options: ReadTreeOptions, subscriber: Subscriber<TreeEvent>) {
    this.#tree = tree;
    this.#options = options;
    this.#output = new TreeOutput(subscriber);
  }

  start(gate: Gate): () => void {
    const detach = gate.attach({
      pause: () => this.#output.hold(),
      resume: () => {
        this.#output.release();
        this.#advance();
      },
    });
    void this.#begin();
    return () => {
      detach();
      this.#stop();
      this.#output.close();
    };
  }

  async #begin(): Promise<void> {
    const root = await this.#rootUnique();
    if (this.#left.signal.aborted) return;
    this.#tasks.push({ branch: Branch.root(this.#tree.at(''), root) });
    this.#advance();
  }

  /** A server would have to be asked once more. Its loops are found by their paths, or one round later. */
  async #rootUnique(): Promise<string | undefined> {
    if (this.#tree.side === 'remote') return undefined;
    const entry = await this.#tree.stat('').catch(() => undefined);
    if (entry?.kind !== 'symlink') return entry?.unique;
    return (await this.#tree.follow('', entry).catch(() => undefined))?.unique;
  }

  #advance(): void {
    while (!this.#output.held && this.#running < this.#options.concurrency && !this.#left.signal.aborted) {
      const task = this.#tasks.pop();
      if (task === undefined) break;
      this.#running += 1;
      if (task.link === undefined) this.#list(task.branch);
      else void this.#follow(task.branch, task.link);
    }
    if (this.#running === 0 && this.#tasks.length === 0) this.#output.end();
  }

  #done(tasks: readonly Task[] = []): void {
    this.#running -= 1;
    for (const task of tasks.toReversed()) this.#tasks.push(task);
    this.#advance();
  }

  #emit(event: TreeEvent): void {
    if (!this.#left.signal.aborted) this.#output.push(event);
  }

  #list(branch: Branch): void {
    const { gate, close } = this.#output.openInput();
    const further: Task[] = [];
    const onUnreadable = (name: string): void =>
      this.#fail(pathIn(branch.path, name), new FtpUsageError(`The local name "${printable(name)}" is not UTF-8.`));
    let listing: Subscription | undefined;
    const leave = (): void => listing?.unsubscribe();
    this.#left.signal.addEventListener('abort', leave);
    const end = (): void => {
      this.#left.signal.removeEventListener('abort', leave);
      close();
      this.#done(further);
    };
    listing = bindGate(this.#tree.list(branch.path, { onUnreadable }), gate).subscribe({
      next: (entry) => this.#take(branch, entry, further),
      complete: () => {
        this.#emit({ type: 'listed', path: branch.path });
        end();
      },
      error: (error: unknown) => {
        if (isFatal(error, branch.path === '')) {
          this.#giveUp(error);
          return;
        }
        this.#emit({ type: 'failed', path: branch.path, listing: true, error });
        end();
      },
    });
    if (this.#left.signal.aborted) leave();
  }

  #take(branch: Branch, entry: FileEntry, further: Task[]): void {
    const fault = this.#tree.names(entry.name);
    if (fault !== undefined) {
      const error = new FtpProtocolError(`The server lists the name "${printable(entry.name)}", which ${fault}.`);
      this.#fail(pathIn(branch.path, entry.name), error);
    } else if (entry.kind === 'symlink' && this.#options.links === 'follow') further.push({ branch, link: entry });
    else this.#visit(branch, entry, { further, link: false });
  }

  async #follow(branch: Branch, link: FileEntry): Promise<void> {
    const further: Task[] = [];
    const path = pathIn(branch.path, link.name);
    try {
      const entry = await this.#tree.follow(path, link, this.#left.signal);
      this.#visit(branch, entry, { further, link: entry.kind !== 'symlink' });
    } catch (error) {
      if (this.#left.signal.aborted) return;
      if (isFatal(error, false)) {
        this.#giveUp(error);
        return;
      }
      this.#fail(path, error);
    }
    this.#done(further);
  }

  #visit(branch: Branch, found: FileEntry, { further, link }: Found): void {
    const entry: TreeEntry = { ...found, path: pathIn(branch.path, found.name), depth: branch.depth };
    let visit: Visit;
    try {
      visit = this.#options.visit(entry);
    } catch (error) {
      this.#giveUp(error);
      return;
    }
    if (visit.shown) this.#emit({ type: 'entry', entry, link });
    if (!visit.entered || entry.kind !== 'directory') return;
    const below = branch.below(found);
    if (below === undefined) return;
    if (below.depth <= MAX_DEPTH) further.push({ branch: below });
    else {
      const error = new FtpProtocolError(`It is deeper than ${MAX_DEPTH} directories, and was not listed.`);
      this.#emit({ type: 'failed', path: entry.path, listing: true, error });
    }
  }

  #fail(path: string, error: unknown): void {
    this.#emit({ type: 'failed', path, listing: false, error });
  }

  #giveUp(error: unknown): void {
    this.#stop();
    this.#output.fail(error);
  }

  #stop(): void {
    this.#tasks.length = 0;
    this.#left.abort();
  }
}

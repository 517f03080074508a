/**
 * Holds facts that a client learns about its server during its sessions. All sessions of a client share it, also those after a reconnect. A
 * server behaves alike on each of them, so the client learns nothing twice.
 */
import type { HashVerb } from '../protocol/hash-algorithms.js';

/**
 * A command that a server may be without, or may not answer, or a way to be fast that it may not bear: the client has another way for
 * each. `EPSV ahead`: before the turn of its transfer. `the TLS handshake after 150`: of a data connection; ftp-srv sends 150 after it.
 */
export type Optional =
  | ('EPSV' | 'EPRT' | 'FEAT' | 'OPTS UTF8' | 'PBSZ' | 'PWD' | 'TYPE A' | 'SIZE' | 'MDTM')
  | ('MODE Z' | 'MODE Z for uploads' | 'MODE Z with REST')
  | ('HOST' | 'CLNT' | 'LANG')
  | ('MLST' | 'MLSD' | 'MLSD path' | 'LIST path' | 'LIST -a' | 'STAT -a')
  | ('MFMT' | 'MDTM with a time' | 'SITE UTIME path time' | 'SITE UTIME time path' | 'MFF UNIX.mode' | 'AVBL')
  | ('RANG for HASH' | 'a range for a checksum')
  | ('EPSV ahead' | 'several commands at once' | 'the TLS handshake after 150')
  | HashVerb;

/**
 * The abilities that tests saw in a server. `LIST rows`: its LIST gives the rows of a directory as `ls` or Windows do. `LIST path rows`,
 * `MLSD path rows`: by a path it gives the rows of that directory, and not the directory's own.
 */
export type Proven = Optional | 'LIST rows' | 'LIST path rows' | 'MLSD path rows';

export class Learned {
  /** The server doubles each 0xFF in its replies: its answer to USER shows it, if the greeting does not name it. */
  doublesIac = false;
  /** The number of sessions that the client may have at once, when the server has shown that: below `maxSessions`, or that again. */
  sessionLimit: number | undefined;
  /** By month, the distance of the server's clock from UTC, measured if the option `timeZone` is `'auto'`. */
  readonly aheadMs: Map<number, number> = new Map();
  readonly #missing = new Set<Optional>();
  /** The commands that have worked. */
  readonly #proven = new Set<Proven>();
  /** By verb: the odd codes that turned out to answer it. */
  readonly #usual = new Map<string, Set<number>>();
  /** The verbs that were answered once. */
  readonly #used = new Set<string>();
  /** The verbs whose replies were seen, on any session. */
  readonly #answered = new Set<string>();
  /** The verbs that were answered twice at least once. */
  readonly #doubled = new Set<string>();

  /** Whether the client does without `what`. */
  lacks(what: Optional): boolean {
    return this.#missing.has(what);
  }

  /** The client does without `what` from now on; false when it did already. */
  doWithout(what: Optional): boolean {
    if (this.#missing.has(what)) return false;
    this.#missing.add(what);
    return true;
  }

  /** Notes that `what` works on this server. */
  prove(what: Proven): void {
    this.#proven.add(what);
  }

  /** Whether `what` was seen to work: a refusal of it says nothing of the command then. */
  isProven(what: Proven): boolean {
    return this.#proven.has(what);
  }

  /** Whether `code` was seen to answer `verb`, though the table does not have it. */
  isUsual(verb: string, code: number): boolean {
    return this.#usual.get(verb)?.has(code) === true;
  }

  addUsual(verb: string, code: number): void {
    this.#usual.set(verb, (this.#usual.get(verb) ?? new Set<number>()).add(code));
  }

  /** Notes that `verb` was answered; true for the first time. */
  isFirstUse(verb: string): boolean {
    if (this.#used.has(verb)) return false;
    this.#used.add(verb);
    return true;
  }

  /** Notes that a reply to `verb` has come, which may be a refusal. */
  noteAnswer(verb: string): void {
    this.#answered.add(verb);
  }

  /** Whether the server has replied to `verb` before: a missing reply now then tells about the connection alone. */
  hasAnswered(verb: string): boolean {
    return this.#answered.has(verb);
  }

  /** Whether one reply too many came for `verb` before. */
  isDoubled(verb: string): boolean {
    return this.#doubled.has(verb);
  }

  addDoubled(verb: string): void {
    this.#doubled.add(verb);
  }
}

/**
 * Reads listings of VMS (OpenVMS, MultiNet, UCX): `NAME.EXT;version`, and then in any order blocks, date, owner and protection.
 *
 * A long name has a line of its own, and the rest of its row follows on the next. `DOCS.DIR;1` is the directory DOCS. Versions
 * of one file follow each other. The highest has the name without its version, which is also its name in commands. The others keep theirs.
 * A block has 512 bytes, which a file may fill in part, so blocks tell no size.
 */
import type { DialectReader, ListingDialect, Reading, Settled } from './dialect.js';
import type { FileEntry } from './file-entry.js';
import type { ServerClock } from './server-clock.js';
import { areDetails, type VmsDetails, vmsDetails } from './vms-details.js';

export const vms: ListingDialect = /* @__PURE__ */ Object.freeze({
  dialect: 'vms',
  open: (clock: ServerClock) => new VmsReader(clock),
});

/** A name, which has a dot always, its version, and the rest of the row. */
const NAMED = /^([^\s;/.]{0,255}\.[^\s;/]{0,255});(\d{1,5})(?:[ \t]+(\S.*))?$/;
/** The same of a name with blanks, which no message is with details behind it, or behind the heading of VMS. */
const SPACED = /^([^\s;/.%-][^;/.]{0,255}\.[^;/]{0,255});(\d{1,5})(?:[ \t]+(\S.*))?$/;
const HEADING = /^Directory +(\S*)\[([^\]]*)\]/i;
const TRAILER = /^(?:Grand )?total of \d/i;
const NO_FILES = /^%[A-Z]+-[A-Z]-NOFILES|^No files found/i;
/** The words for a file that this user may not inspect. */
const REFUSED = /^(?:%|no privilege|insufficient|access denied|file access)/i;
/** No row is longer: a name of 255 and details. */
const MAX_LENGTH = 1024;

/** No version is so low. */
const NONE_GIVEN = -1;
/** Of a line that stands for no file. */
const NOTHING: readonly [] = /* @__PURE__ */ Object.freeze([]);

interface VmsRow {
  readonly name: string;
  readonly version: number;
  readonly raw: string;
  readonly details: VmsDetails | undefined;
  /** Whether it takes two lines. */
  readonly isWrapped: boolean;
}

class VmsReader implements DialectReader {
  readonly #clock: ServerClock;
  /** The versions of one file, or a row that its details may follow. */
  #rows: VmsRow[] = [];
  /** The file whose rows were read last. */
  #name: string | undefined;
  /** The highest version of this file whose rows were given already. */
  #given = NONE_GIVEN;
  #root: string | undefined;
  /** The prefix of the names of this block: the directory, unless it is the first. */
  #directory = '';

  constructor(clock: ServerClock) {
    this.#clock = clock;
  }

  read(line: string): Reading {
    if (line.length > MAX_LENGTH) return undefined;
    const heading = HEADING.exec(line);
    if (heading !== null) return this.#enter(heading[2] ?? '');
    if (TRAILER.test(line) || NO_FILES.test(line)) return this.#endBefore();
    if (this.#complete(line)) return [];
    const named = NAMED.exec(line) ?? this.#spaced(line);
    if (named === null) return undefined;
    const [, name = '', version, rest = ''] = named;
    if (rest !== '' && !areDetails(rest) && !REFUSED.test(rest)) return undefined;
    const details = rest === '' ? undefined : vmsDetails(rest, this.#clock);
    return this.#add({ name, version: Number(version), raw: line, details, isWrapped: false });
  }

  end(): readonly Settled[] {
    this.#name = undefined;
    return this.#give(false);
  }

  /** A name alone still waits for its details if it was the last line. */
  interrupt(isLatest: boolean): readonly Settled[] {
    const last = isLatest ? this.#rows.at(-1) : undefined;
    if (last === undefined || last.details !== undefined) return this.#give(true);
    this.#rows.pop();
    const rows = this.#give(true);
    this.#rows.push(last);
    return rows;
  }

  /** The rows before a line that stands for no file. */
  #endBefore(): Reading {
    const rows = this.end();
    return rows.length === 0 ? 'ignored' : [...rows, NOTHING];
  }

  #spaced(line: string): RegExpExecArray | null {
    const named = SPACED.exec(line);
    const isCertain = this.#root !== undefined || areDetails(named?.[3] ?? '');
    return isCertain ? named : null;
  }

  /** Gives the rows of one file. Of many versions some come before the others: the first is the highest then, or the last. */
  #give(goesOn: boolean): readonly Settled[] {
    const rows = this.#rows;
    this.#rows = [];
    const highest = Math.max(this.#given, ...rows.map(({ version }) => version));
    const rises = goesOn && rows.at(0)?.version !== highest;
    const plain = rises || highest === this.#given ? undefined : highest;
    this.#given = goesOn ? highest : NONE_GIVEN;
    return rows.flatMap((row): readonly Settled[] => {
      const entry = this.#entry(row, row.version === plain);
      return row.isWrapped ? [entry, NOTHING] : [entry];
    });
  }

  /** The details of the row before, which was a name alone. */
  #complete(line: string): boolean {
    const last = this.#rows.at(-1);
    if (last === undefined || last.details !== undefined) return false;
    const isRest = /^[ \t]/.test(line) && areDetails(line.trim());
    if (!isRest && !REFUSED.test(line.trimStart())) return false;
    this.#rows[this.#rows.length - 1] = {
      ...last,
      raw: `${last.raw}\n${line}`,
      details: vmsDetails(line.trim(), this.#clock),
      isWrapped: true,
    };
    return true;
  }

  #add(row: VmsRow): readonly Settled[] {
    const done = row.name === this.#name ? NOTHING : this.#give(false);
    this.#name = row.name;
    this.#rows.push(row);
    return done;
  }

  #enter(directory: string): Reading {
    const done = this.#endBefore();
    this.#root ??= directory;
    const below = directory.startsWith(this.#root) ? directory.slice(this.#root.length) : directory;
    this.#directory = below === '' ? '' : `[${below}]`;
    return done;
  }

  #entry({ name, version, raw, details }: VmsRow, isHighest: boolean): FileEntry {
    const isDirectory = /.\.DIR$/i.test(name);
    const plain = isDirectory ? name.slice(0, -4) : name;
    return {
      name: `${this.#directory}${plain}${isHighest ? '' : `;${version}`}`,
      kind: isDirectory ? 'directory' : 'file',
      ...(details ?? { precision: 'none', zoneKnown: false }),
      dialect: 'vms',
      raw,
    };
  }
}

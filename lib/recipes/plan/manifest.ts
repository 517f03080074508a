/** Defines `.rxftp-manifest.json`, which lists the files of a target by the bytes of their source. */
import type { TimePrecision } from '../../protocol/listing/file-entry.js';
import type { LeanEntry } from './lean-entry.js';
import { isSameTime } from './time-order.js';

export interface ManifestFile {
  /** Lower-case hex. */
  readonly sha256: string;
  /** The size and time that the target told, when the file was complete there. */
  readonly size: number | undefined;
  /** In ISO 8601. */
  readonly modified: string | undefined;
  readonly precision: TimePrecision;
}

export type Manifest = Map<string, ManifestFile>;

/** Below the root of a target. It is never a step. */
export const MANIFEST_NAME = '.rxftp-manifest.json';

/** So long is one of hundreds of thousands of files. */
export const MAX_MANIFEST_BYTES: number = 32 * 1024 * 1024;

const VERSION = 1;

/** A file that is no manifest of this version knows no file: every file is copied then. */
export function parseManifest(bytes: Uint8Array | undefined): Manifest {
  const files = bytes === undefined ? undefined : filesOf(parsed(bytes));
  return new Map(Object.entries(files ?? {}).filter((each): each is [string, ManifestFile] => isFile(each[1])));
}

export function formatManifest(manifest: Manifest): Uint8Array {
  const sorted = [...manifest].sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.from(`${JSON.stringify({ version: VERSION, files: Object.fromEntries(sorted) }, undefined, 1)}\n`);
}

/** Whether the target's file is still the one that was put there. */
export function isAsRecorded({ size, modified, precision }: ManifestFile, target: LeanEntry): boolean {
  const recorded = modified === undefined ? undefined : Date.parse(modified);
  return size === target.size && isSameTime({ modified: recorded, precision, zoneKnown: true }, target);
}

/** The manifest's record of a complete file. */
export function recordOf(sha256: string, { size, modified, precision }: LeanEntry): ManifestFile {
  return { sha256, size, modified: modified === undefined ? undefined : new Date(modified).toISOString(), precision };
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}

function filesOf(value: unknown): object | undefined {
  const { version, files } = (value ?? {}) as { readonly version?: unknown; readonly files?: unknown };
  return version === VERSION && typeof files === 'object' && files !== null ? files : undefined;
}

function isFile(value: unknown): value is ManifestFile {
  const { sha256, size, modified, precision } = (value ?? {}) as Partial<Record<keyof ManifestFile, unknown>>;
  return (
    typeof sha256 === 'string' &&
    (size === undefined || typeof size === 'number') &&
    (modified === undefined || (typeof modified === 'string' && !Number.isNaN(Date.parse(modified)))) &&
    (precision === 'second' || precision === 'minute' || precision === 'day' || precision === 'none')
  );
}

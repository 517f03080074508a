/**
 * Names the directory that is published, and the directories beside it. A later run recognises the leftovers of a killed run by their names
 * alone. So a name identifies its publisher: this machine, this local directory and this target. It also identifies its process.
 */
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { FtpUsageError } from '../../errors.js';
import { nodeCrypto } from '../../net/builtins.js';
import type { LocalPlace, RemotePlace } from '../tree/place.js';

export interface Site {
  /** The directory that the target is in; `''` is the current one. */
  readonly parent: string;
  /** The target's name there. */
  readonly name: string;
  /** The path of the new tree. */
  readonly staging: string;
  /** The name of `staging` before the trial rename. */
  readonly trial: string;
  /** The name of the old tree from now on. */
  readonly old: string;
  /** The publisher, as its names show it. */
  readonly owner: string;
}

const OWNER_DIGITS = 8;

/** Throws FtpUsageError for a directory that has no name to be renamed by. */
export function siteOf(from: LocalPlace, { directory }: RemotePlace, now: Date): Site {
  const path = directory.replace(/\/+$/, '');
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name === '' || name === '.' || name === '..') {
    throw new FtpUsageError(
      `publish$ renames directories, and '${directory}' has no name beside others: mirror$ writes into a login directory.`,
    );
  }
  const parent = path.slice(0, path.length - name.length);
  const owner = digestOf([hostname(), resolve(from.directory), path]);
  const random = nodeCrypto().randomBytes(3).toString('hex');
  const staging = `${name}.rxftp-${owner}-${process.pid.toString(36)}-${random}`;
  const old = `${name}.rxftp-old-${now.toISOString().replace(/\D/g, '')}`;
  return {
    parent: parent === '/' ? parent : parent.replace(/\/$/, ''),
    name,
    staging,
    trial: `${staging}.try`,
    old,
    owner,
  };
}

function digestOf(parts: readonly string[]): string {
  return nodeCrypto().createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, OWNER_DIGITS);
}

/** Whether `name` is an old tree of this site. Their names sort by time. */
export function isOld({ name }: Site, found: string): boolean {
  return found.startsWith(`${name}.rxftp-old-`) && /\.rxftp-old-\d{17}$/.test(found);
}

/** Whether `name` was made by a run of this publisher whose process has ended. */
export function isLeftover({ name, owner, staging }: Site, found: string): boolean {
  const made = /\.rxftp-(?<owner>[0-9a-f]{8})-(?<pid>[0-9a-z]{1,8})-[0-9a-f]{6}(?:\.try)?$/.exec(found)?.groups;
  if (made?.owner !== owner || !found.startsWith(`${name}.rxftp-${owner}-`) || found.startsWith(staging)) return false;
  return hasEnded(Number.parseInt(made.pid ?? '', 36));
}

/** A process that must not be asked about is there. */
function hasEnded(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

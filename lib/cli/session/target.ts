/** Reads the URL of an argument: the server, and the path there. */
import { type FtpOptions, parseFtpUrl } from '../../index.js';
import { wrongUsage } from './command-error.js';

export interface Target {
  /** Without the directory, which is `path`. */
  readonly options: FtpOptions;
  readonly path: string;
}

/** Throws for a text that is no URL, or has no host. No error shows the URL: it may hold a password. */
export function readTarget(url: string): Target {
  if (!/^ftp(?:s|es)?:\/\//i.test(url)) {
    throw wrongUsage('The URL of a server begins with ftp://, ftpes:// (explicit TLS) or ftps:// (implicit TLS).');
  }
  // URL would take a part of the path for the host.
  const isWithoutHost = /^\w+:\/\/[/\\]/.test(url);
  const { directory = '', ...options } = parseFtpUrl(url);
  if (isWithoutHost || options.host === '') throw wrongUsage('The URL names no host: ftp://user@host/path');
  return { options, path: directory };
}

/** The path without slashes at its end; the root stays. */
export function trimmed(path: string): string {
  return path.replace(/(?<=.)\/+$/s, '');
}

/** The last part of a path. */
export function lastName(path: string): string {
  return trimmed(path).split('/').at(-1) ?? '';
}

/** The path of a file argument: one is needed, since the login's directory is none. */
export function filePath(path: string): string {
  if (trimmed(path) === '') throw wrongUsage('The URL names no file: a path has to follow the host.');
  return trimmed(path);
}

/** Writes the recommended options as code. The code has no secret: it takes the password from the environment. */
import { DEFAULTS, type FtpOptions } from '../../index.js';

const NAMES = ['host', 'port', 'user', 'secure', 'mode', 'timeZone', 'encoding', 'maxSessions'] as const;

/** `files`: the options of the command line that name files. */
export interface CodeFiles {
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

export function optionsCode(options: FtpOptions, advice: object, files: CodeFiles): string {
  const all: Readonly<Record<string, unknown>> = { ...options, ...advice };
  const lines = NAMES.flatMap((name) => (isUsual(name, all[name]) ? [] : [`  ${name}: ${literal(all[name])},`]));
  const tls = tlsParts(all.tls as FtpOptions['tls'], files);
  const password = options.password === undefined ? [] : ['  password: process.env.FTP_PASSWORD,'];
  const secure = tls.length === 0 ? [] : [`  tls: { ${tls.join(', ')} },`];
  const reads = tls.some((part) => part.includes('readFileSync'));
  return [
    ...(reads ? ["import { readFileSync } from 'node:fs';"] : []),
    "import { FtpClient } from 'rxftp';",
    '',
    'const ftp = new FtpClient({',
    ...lines,
    ...password,
    ...secure,
    '});',
  ].join('\n');
}

function tlsParts(tls: FtpOptions['tls'], files: CodeFiles): string[] {
  const read = (['ca', 'cert', 'key'] as const).flatMap((name) => {
    const file = files[name];
    return file === undefined ? [] : [`${name}: readFileSync(${literal(file)})`];
  });
  const pin = tls?.fingerprint256;
  return [...read, ...(pin === undefined ? [] : [`fingerprint256: ${literal(pin)}`])];
}

function isUsual(name: (typeof NAMES)[number], value: unknown): boolean {
  if (value === undefined) return true;
  return name !== 'host' && value === (DEFAULTS as Readonly<Record<string, unknown>>)[name];
}

function literal(value: unknown): string {
  if (typeof value !== 'string') return String(value);
  return `'${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

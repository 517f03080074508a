/** Reads the options of TLS, from files and fingerprints. */
import { readFile } from 'node:fs/promises';
import type { FtpOptions, FtpTlsOptions } from '../../index.js';
import { wrongUsage } from './command-error.js';
import type { Options } from './context.js';

const NAMES = ['ca', 'cert', 'key', 'pin', 'insecure'] as const;

/** `tls` for the client, if an option of it is given: only for URLs under TLS. */
export async function tlsOptions(secure: FtpOptions['secure'], options: Options): Promise<Pick<FtpOptions, 'tls'>> {
  const given = NAMES.find((name) => options[name] !== undefined);
  if (given === undefined) return {};
  if (secure === undefined || secure === false) {
    throw wrongUsage(`The option --${given} is for TLS: the URL has to begin with ftpes:// or ftps://.`);
  }
  const { pin, insecure } = options;
  if (pin !== undefined && insecure === true) throw wrongUsage('The options --pin and --insecure exclude each other.');
  if ((options.cert === undefined) !== (options.key === undefined)) {
    throw wrongUsage('The options --cert and --key go together: the certificate and its private key.');
  }
  const tls: FtpTlsOptions = {
    ...(await fileOption('ca', options)),
    ...(await fileOption('cert', options)),
    ...(await fileOption('key', options)),
    ...(typeof pin === 'string' ? { fingerprint256: pin } : {}),
    ...(insecure === true ? { rejectUnauthorized: false } : {}),
  };
  return { tls };
}

async function fileOption(name: 'ca' | 'cert' | 'key', options: Options): Promise<FtpTlsOptions> {
  const file = options[name];
  if (typeof file !== 'string') return {};
  try {
    return { [name]: await readFile(file) };
  } catch (error) {
    const { code = 'error' } = error as NodeJS.ErrnoException;
    throw wrongUsage(`The file of --${name} cannot be read: ${file} (${code}).`);
  }
}

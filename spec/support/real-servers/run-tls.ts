/**
 * Makes the parts of TLS for one run of one server: an authority, the requested certificates, and the version.
 *
 * Files are readable for the servers' user; they are worth nothing after the run.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Certificate, CertificateAuthority } from '../certificates.js';
import type { ServerOptions, ServerTls } from './real-server.js';

export interface RunTls {
  readonly server: ServerTls;
  /** The authority's certificate, PEM. */
  readonly ca: string;
  readonly client: Certificate | undefined;
  /** For the server's process. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Writes the files; `undefined` without TLS. */
export async function prepareTls(directory: string, options: ServerOptions): Promise<RunTls | undefined> {
  if (!options.tls) return undefined;
  const authority = await CertificateAuthority.create();
  const { cert, key } = await issue(authority, options);
  const server = {
    mode: options.tls,
    certificate: join(directory, 'server.pem'),
    key: join(directory, 'server.key'),
    authority: join(directory, 'authority.pem'),
  };
  await writeFile(server.certificate, cert);
  await writeFile(server.key, key);
  await writeFile(server.authority, authority.cert);
  return {
    server,
    ca: authority.cert,
    client: options.requireClientCertificate ? await authority.issueClient() : undefined,
    environment: await onlyVersion(directory, options.tlsVersion),
  };
}

function issue(authority: CertificateAuthority, { certificate, bindAddress }: ServerOptions): Promise<Certificate> {
  if (certificate === 'other-host') return authority.issueForOtherHost();
  if (certificate === 'expired') return authority.issueExpired();
  const addresses = new Set(['127.0.0.1', '::1', bindAddress ?? '127.0.0.1']);
  return authority.issue({ names: ['localhost'], addresses: [...addresses] });
}

// OpenSSL's own configuration binds servers that have no setting for it, as vsftpd 3.0.3 and Pure-FTPd.
async function onlyVersion(directory: string, version: ServerOptions['tlsVersion']): Promise<Record<string, string>> {
  if (version === undefined) return {};
  const path = join(directory, 'openssl.cnf');
  const sections = ['openssl_conf=init', '[init]', 'ssl_conf=ssl', '[ssl]', 'system_default=only', '[only]'];
  const bounds = [`MinProtocol=TLSv${version}`, `MaxProtocol=TLSv${version}`];
  await writeFile(path, `${[...sections, ...bounds].join('\n')}\n`);
  return { OPENSSL_CONF: path };
}

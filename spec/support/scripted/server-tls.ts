/** The TLS set-up of a scripted server: its certificates, and ticket keys that control and data connections share. */
import { randomBytes } from 'node:crypto';
import type { TlsOptions } from 'node:tls';
import { CertificateAuthority } from '../certificates.js';
import type { ScriptedTls } from './options.js';

export interface ServerTls {
  readonly mode: 'explicit' | 'implicit';
  readonly requireReuse: boolean;
  readonly authority: CertificateAuthority;
  readonly control: TlsOptions;
  readonly data: TlsOptions;
}

const ticketKeyBytes = 48;

export async function serverTls(wanted: 'explicit' | 'implicit' | ScriptedTls): Promise<ServerTls> {
  const given: ScriptedTls = typeof wanted === 'string' ? { mode: wanted } : wanted;
  const authority = await CertificateAuthority.create();
  const certificate = given.certificate ?? (await authority.issue());
  const shared: TlsOptions = { ticketKeys: randomBytes(ticketKeyBytes), ...given.options };
  return {
    mode: given.mode,
    requireReuse: given.requireReuse ?? false,
    authority,
    control: { ...shared, ...certificate },
    data: {
      ...shared,
      ...(given.separateSessions === true ? { ticketKeys: randomBytes(ticketKeyBytes) } : {}),
      ...(given.dataCertificate ?? certificate),
    },
  };
}

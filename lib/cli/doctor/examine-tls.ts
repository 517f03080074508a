/**
 * Examines TLS: the certificate, the versions, and the resumption of the session by data connections.
 *
 * The client ends the handshake for the certificate itself, so an unverified server learns no user name.
 */
import type { PeerCertificate } from 'node:tls';
import { firstValueFrom } from 'rxjs';
import { connect$, type FtpOptions, type FtpTlsOptions } from '../../index.js';
import { attempt, listed, type Patient, probeOptions, withClient } from './patient.js';

const VERSIONS = ['TLSv1.2', 'TLSv1.3'] as const;

export async function examineTls(patient: Patient): Promise<void> {
  const { findings, options } = patient;
  findings.head('TLS');
  const certificate = await certificateOf(patient, {});
  if (certificate === undefined) {
    findings.tell('tls', 'bad', 'The TLS handshake has failed: the login below says why.');
    return;
  }
  tellCertificate(patient, certificate);
  const versions: string[] = [];
  for (const version of VERSIONS) {
    const limits = { minVersion: version, maxVersion: version };
    if ((await certificateOf(patient, limits)) !== undefined) versions.push(version);
  }
  findings.tell('tls-versions', 'note', `The server speaks ${versions.join(' and ')}.`, { versions });
  if (options.tls?.rejectUnauthorized === false) {
    const { fingerprint256 } = certificate;
    findings.tell('tls-pin', 'note', `Better than --insecure: --pin ${fingerprint256}, if that is the server's.`);
    findings.advise('tls', { fingerprint256 });
  }
}

/**
 * Node verifies the name at each full handshake, and at none that resumes a session: these are counted. Without a verified
 * chain the client verifies it each time, and nothing is told.
 */
export async function examineResumption(patient: Patient): Promise<void> {
  const { findings, options, path } = patient;
  if (options.tls?.rejectUnauthorized === false || options.tls?.fingerprint256 !== undefined) return;
  const certificate = await certificateOf(patient, {});
  let full = 0;
  const counting: FtpTlsOptions = {
    ...options.tls,
    // The login has verified the name of this certificate.
    checkServerIdentity: (_host, { fingerprint256 }) => {
      full += 1;
      return fingerprint256 === certificate?.fingerprint256
        ? undefined
        : new Error('The server shows another certificate.');
    },
  };
  const result = await attempt(
    patient,
    withClient(patient, { tls: counting }, (ftp) => listed(ftp, path)),
  );
  if ('error' in result) return;
  const resumed = full === 1;
  const text = resumed
    ? 'Data connections resume the TLS session, which strict servers demand.'
    : 'Data connections make full TLS handshakes: the server resumes no session.';
  findings.tell('tls-resumption', resumed ? 'good' : 'note', text, { resumed });
}

/** The server's certificate; undefined if there was no handshake. */
async function certificateOf(patient: Patient, limits: FtpTlsOptions): Promise<PeerCertificate | undefined> {
  let seen: PeerCertificate | undefined;
  const { fingerprint256: _pin, ...given } = patient.options.tls ?? {};
  const tls: FtpTlsOptions = {
    ...given,
    ...limits,
    rejectUnauthorized: false,
    checkServerIdentity: (_host, certificate) => {
      seen = certificate;
      return new Error('The certificate was looked at.');
    },
  };
  await attempt(patient, firstValueFrom(connect$(sessionOptions(probeOptions(patient, { tls })))));
  return seen;
}

/** `connect$` has no options of clients. */
export function sessionOptions({ maxSessions: _sessions, retry: _retry, ...options }: FtpOptions): FtpOptions {
  return options;
}

function tellCertificate({ findings }: Patient, certificate: PeerCertificate): void {
  const { subject, issuer, valid_to: validTo, fingerprint256, subjectaltname } = certificate;
  const isOwn = subject.CN === issuer.CN;
  const signer = isOwn ? 'by itself' : `by ${issuer.CN ?? issuer.O ?? 'an authority without a name'}`;
  const names = subjectaltname ?? `CN ${subject.CN}`;
  findings.tell(
    'certificate',
    'note',
    `The certificate is for ${names}. It was signed ${signer}, and ends ${validTo}.`,
  );
  findings.tell('fingerprint', 'note', `Its fingerprint is ${fingerprint256}`, { fingerprint256 });
}

/**
 * Certificates for the TLS specs and examples, made when they run: no key is stored, and none expires in the repository.
 *
 * One authority signs leaves for servers and clients; a client trusts it through `ca: authority.cert`. Elliptic keys,
 * since they are made in a millisecond.
 */
import { generate } from 'selfsigned';

/** A certificate and its private key, both PEM: node's `cert` and `key` options. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

export interface LeafOptions {
  /** Host names; the first is the common name too. */
  readonly names?: readonly string[];
  readonly addresses?: readonly string[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  readonly usage?: 'server' | 'client';
}

const dayMs = 24 * 60 * 60 * 1000;
const daysFromNow = (days: number): Date => new Date(Date.now() + days * dayMs);
const shared = { keyType: 'ec', curve: 'P-256', algorithm: 'sha256' } as const;

export class CertificateAuthority {
  readonly cert: string;
  readonly #key: string;

  private constructor(cert: string, key: string) {
    this.cert = cert;
    this.#key = key;
  }

  static async create(name = 'rxftp test authority'): Promise<CertificateAuthority> {
    const made = await generate([{ name: 'commonName', value: name }], {
      ...shared,
      notBeforeDate: daysFromNow(-30),
      notAfterDate: daysFromNow(30),
      extensions: [
        { name: 'basicConstraints', cA: true, critical: true },
        { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
      ],
    });
    return new CertificateAuthority(made.cert, made.private);
  }

  /** Signs a leaf; by default for `localhost`, `127.0.0.1` and `::1`, valid today. */
  async issue(options: LeafOptions = {}): Promise<Certificate> {
    const names = options.names ?? ['localhost'];
    const addresses = options.addresses ?? (options.names === undefined ? ['127.0.0.1', '::1'] : []);
    const usage = options.usage === 'client' ? { clientAuth: true } : { serverAuth: true };
    const made = await generate([{ name: 'commonName', value: names[0] ?? 'nobody' }], {
      ...shared,
      ca: { key: this.#key, cert: this.cert },
      notBeforeDate: options.notBefore ?? daysFromNow(-1),
      notAfterDate: options.notAfter ?? daysFromNow(1),
      extensions: [
        { name: 'basicConstraints', cA: false, critical: true },
        { name: 'keyUsage', digitalSignature: true, critical: true },
        { name: 'extKeyUsage', ...usage },
        {
          name: 'subjectAltName',
          altNames: [
            ...names.map((value) => ({ type: 2 as const, value })),
            ...addresses.map((ip) => ({ type: 7 as const, ip })),
          ],
        },
      ],
    });
    return { cert: made.cert, key: made.private };
  }

  /** A leaf whose name is not the server's. */
  issueForOtherHost(): Promise<Certificate> {
    return this.issue({ names: ['other.example'] });
  }

  issueExpired(): Promise<Certificate> {
    return this.issue({ notBefore: daysFromNow(-20), notAfter: daysFromNow(-10) });
  }

  issueClient(name = 'a test client'): Promise<Certificate> {
    return this.issue({ names: [name], usage: 'client' });
  }
}

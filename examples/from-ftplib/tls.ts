/**
 * A session over TLS. Python: ftps = FTP_TLS(host); ftps.login(user, passwd); ftps.prot_p(); ftps.nlst()
 *
 * Run: npx tsx examples/from-ftplib/tls.ts
 */
import { lastValueFrom, toArray } from 'rxjs';
import { FtpClient } from '../../lib/index.js';
import { testServer } from '../../lib/testing/index.js';
import { CertificateAuthority } from '../support/certificates.js';

const { cert, key } = await (await CertificateAuthority.create()).issue();
const secure = { mode: 'explicit', cert, key } as const;
await using server = await testServer({ files: { '/a.txt': '', '/b.txt': '' }, secure });
const { host, port, tls } = server.options;

// `secure` stands for FTP_TLS and prot_p(). Password, commands and data are all protected.
await using ftp = new FtpClient({ host, port, user: 'me', password: 'secret', secure: 'explicit', tls });
ftp.command$.subscribe((line) => console.log(`> ${line}`));
console.log(await lastValueFrom(ftp.nlst$().pipe(toArray())));

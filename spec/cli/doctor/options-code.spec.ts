import { describe, expect, it } from 'vitest';
import { optionsCode } from '../../../lib/cli/doctor/options-code.js';

describe('options as code', () => {
  it('are those that are not the default, without a secret', () => {
    const options = { host: "h'1", user: 'me', password: 'canary', secure: 'explicit', tls: { ca: 'PEM' } } as const;
    const code = optionsCode(options, { mode: 'pasv', maxSessions: 3 }, { ca: 'C:\\ca.pem' });
    expect(code).toBe(`import { readFileSync } from 'node:fs';
import { FtpClient } from 'rxftp';

const ftp = new FtpClient({
  host: 'h\\'1',
  user: 'me',
  secure: 'explicit',
  mode: 'pasv',
  maxSessions: 3,
  password: process.env.FTP_PASSWORD,
  tls: { ca: readFileSync('C:\\\\ca.pem') },
});`);
  });

  it('of a server that needs none are its host alone', () => {
    expect(optionsCode({ host: 'h', user: 'anonymous', port: undefined }, {}, {})).toBe(
      "import { FtpClient } from 'rxftp';\n\nconst ftp = new FtpClient({\n  host: 'h',\n});",
    );
  });

  it('have a pin', () => {
    const tls = { fingerprint256: 'AB:CD' };
    expect(optionsCode({ host: 'h', secure: 'implicit' }, { tls }, {})).toContain("tls: { fingerprint256: 'AB:CD' },");
  });
});

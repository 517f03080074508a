/** The steps of a tutorial for ftplib, as examples: each is short, names the calls of Python, and shows what it promises. */
import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { runExample } from './run-example.js';

const folder = new URL('../../examples/from-ftplib/', import.meta.url);

interface Promised {
  /** The calls of ftplib that the header names. */
  readonly python: readonly string[];
  readonly shows: readonly RegExp[];
}

const PROMISED: Readonly<Record<string, Promised>> = {
  'all-errors.ts': {
    python: ['ftplib.all_errors', 'ftplib.error_perm'],
    shows: [
      /^ERR_FTP_REPLY 550, worth another try: false\nERR_FTP_REPLY 450, worth another try: true$/m,
      /^ERR_FTP_TRANSFER \d*, worth another try: true\nERR_FTP_USAGE , worth another try: false$/m,
    ],
  },
  'current-directory.ts': {
    python: ['ftp.pwd()', 'ftp.cwd(path)'],
    shows: [/^\/\n250 The directory is \/pub\/old\n\/pub\/old\n\/pub$/],
  },
  'delete-and-rename.ts': {
    python: ['ftp.rename(fromname, toname)', 'ftp.delete(filename)'],
    shows: [/^\/done\/first\.csv\nDELE \/in\/b\.csv was refused: 550 /],
  },
  'directory-listing.ts': {
    python: ['ftp.dir(path)', 'ftp.mlsd(path)'],
    shows: [
      /^-rw-r--r-- .* readme\.txt\ndrwxr-xr-x .* old\nfile: readme\.txt, size: 7\ndirectory: old, size: undefined$/,
    ],
  },
  'download-binary.ts': {
    python: ["ftp.retrbinary('RETR ' + name, callback)"],
    shows: [/^(?!300000)\d+ of 300000 bytes$/m, /^300000 of 300000 bytes\n300000 bytes are here$/m],
  },
  'download-text.ts': {
    python: ["ftp.retrlines('RETR ' + name, callback)"],
    shows: [/^The rain\nin Grüningen\nhas stopped\.\nTHE RAIN$/],
  },
  'make-directory.ts': {
    python: ['ftp.mkd(path)', 'ftp.rmd(path)'],
    shows: [/^made: \/pub\/new year\nnames: \[ 'new year' \]\nnames: \[\]$/],
  },
  'partial-file.ts': {
    python: ['os.remove(filename)'],
    shows: [/^failed after 500000 bytes \[ 'a\.iso' \]\n\[\]$/],
  },
  'size.ts': {
    python: ["ftp.voidcmd('TYPE I')", 'ftp.size(name)', "ftp.sendcmd('MDTM ' + name)"],
    shows: [/^bytes: 10\nchanged: 2024-05-06T07:08:09\.000Z\nb\.txt: not there$/],
  },
  'tls.ts': {
    python: ['FTP_TLS(host)', 'ftps.login(user, passwd)', 'ftps.prot_p()', 'ftps.nlst()'],
    shows: [/^> AUTH TLS\n> USER me\n> PASS \*\*\*\n> PBSZ 0\n> PROT P$/m, /^> NLST\n\[ 'a\.txt', 'b\.txt' \]$/m],
  },
  'upload-bytes.ts': {
    python: ["ftp.storbinary('STOR ' + name, fp, callback=f)", "ftp.storbinary('APPE ' + name, fp)"],
    shows: [/^done: true\nthe same size: true, verified: true\n"started\\nended\\n"$/m],
  },
  'upload-text.ts': {
    python: ["ftp.storlines('STOR ' + name, fp)"],
    shows: [/^sent: 31 bytes, .*\nstored: "name;count\\napples;3\\npears;5\\n"$/],
  },
  'welcome.ts': {
    python: ['FTP(host)', 'ftp.login(user, passwd)', 'ftp.getwelcome()'],
    shows: [/^Welcome to the archive\.$/],
  },
};

const examples = Object.entries(PROMISED);

describe('the examples for users of ftplib', () => {
  it('are all run here', async () => {
    expect((await readdir(folder)).toSorted()).toEqual(Object.keys(PROMISED));
  });

  it.each(examples)('%s is under 30 lines, and its header names the calls of Python', async (name, { python }) => {
    const text = await readFile(new URL(name, folder), 'utf8');
    expect(text.trimEnd().split('\n').length).toBeLessThan(30);
    const [header = ''] = /^\/\*\*.*?\*\//s.exec(text) ?? [];
    expect(header).toContain(` * Run: npx tsx examples/from-ftplib/${name}\n`);
    expect(header).toContain('Python: ');
    for (const call of python) expect(header).toContain(call);
  });

  it.each(examples)('%s runs without arguments', async (name, { shows }) => {
    const { exitCode, stdout, stderr } = await runExample(`from-ftplib/${name}`);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    for (const lines of shows) expect(stdout.trimEnd()).toMatch(lines);
  });
});

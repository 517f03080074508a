/** Every example runs without arguments, against its own embedded server, and shows what it promises. */
import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { runExample } from './run-example.js';

const folder = new URL('../../examples/', import.meta.url);

const SHOWS: Readonly<Record<string, readonly RegExp[]>> = {
  'async-await.ts': [
    /^directory: \/$/m,
    /^sha256: [0-9a-f]{64}$/m,
    /^stored: 17 bytes$/m,
    /^refused: 550, temporary: false$/m,
  ],
  'cancel.ts': [/^cancelled after 1\d{6} bytes$/m, /^> ABOR$/m, /^the connection works: the file has 25165824 bytes$/m],
  'checksums.ts': [
    /^the server: SHA-512 [0-9a-f]{16}\.\.\.$/m,
    /^what came: the same$/m,
    /^the copy is verified by SHA-512$/m,
    /^the last line: line 49999$/m,
  ],
  'copy-between-servers.ts': [/^archive\.log\.gz: \d{7} bytes copied$/m, /^the copy is the same$/m],
  'download.ts': [/^logs\/archive\.log\.gz is unpacked: \d{7} bytes$/m],
  'login-commands.ts': [
    /^> HOST 127\.0\.0\.1\nnot on this server: HOST$/m,
    /^> SITE UMASK 022\nnot on this server: SITE UMASK 022$/m,
    /^> SITE CHMOD 644 logs\/app\.log$/m,
    /^2 entries$/m,
  ],
  'list.ts': [/^file +\d+ app\.log$/m, /^2 entries$/m],
  'fxp.ts': [/^from: RETR \/a\.iso\nto: STOR \/copy\.iso$/m, /^3000000 bytes copied, verified by size$/m],
  'local-files.ts': [
    /^FtpTransferError\nkept: big\.iso\.\*\.part$/m,
    /^5000000 bytes, resumed, of 2024-05-06T07:08:09\.000Z$/m,
    /^\/copy\.iso: 2 steps$/m,
  ],
  'lookup.ts': [
    /^logs\/app\.log: file, \d+ bytes, of \d{4}-/m,
    /^its facts: .*type/m,
    /^logs\/app\.log\.bak: not there$/m,
    /^its time is now 2025-01-02T03:04:05\.000Z$/m,
    /^the server does not tell how much space is left$/m,
  ],
  'mirror.ts': [
    /^copy embedded-server\.ts: the target does not have it$/m,
    /^\d+ bytes in \d files$/m,
    /^done: copy embedded-server\.ts$/m,
    /^done: remove old\.html$/m,
  ],
  'nightly-fetch.ts': [
    /^done: copy monday\/a\.csv\na day later:$/m,
    /^a day later:\ndone: mkdir tuesday\ndone: copy tuesday\/c\.csv$/m,
  ],
  'names-in-a-charset.ts': [
    /^utf8: \\xcf\\xf0\\xe0\\xe9\\xf1-\\xeb\\xe8\\xf1\\xf2\.txt\nwindows-1251: Прайс-лист\.txt\nbytes: 9\nbytes: 9$/m,
  ],
  'open-telemetry.ts': [
    /^span: ftp login {2}[\d.]+ ms \(connected\)$/m,
    /^span: ftp download logs\/app\.log [\d.]+ ms \(\)$/m,
    /^ftp\.transfer\.bytes complete: 459386$/m,
    /^ftp\.commands RETR: 1$/m,
    /^ftp\.events closed: 1$/m,
  ],
  'own-recipe.ts': [/^5000000 bytes, done: true; the two are the same$/m],
  'own-verb.ts': [/^> SITE CHMOD 600 logs\/app\.log\n< 200 .*\nthe mode is set: 200$/m, /^session 1: closed$/m],
  'parallel-downloads.ts': [
    /^session \d: \d+ bytes in [\d.]+ ms, complete$/m,
    /^app\.log is here$/m,
    /^archive\.log\.gz is here$/m,
    /^done over [23] sessions$/m,
  ],
  'publish-site.ts': [
    /^copy css\/site\.css: done $/m,
    /^rename \/site to \/site\.rxftp-old-\d{17}: done $/m,
    /^published: the new page$/m,
  ],
  'pause-resume.ts': [/^paused for 300 ms after \d+ bytes; 0 more came meanwhile$/m, /^all 25165824 bytes came/m],
  'progress.ts': [/^25165824 bytes 100 %, .*done, verified: true$/m, /^25165824 bytes, .*done, verified: false$/m],
  'proxy.ts': [
    /^2 entries, over 2 connections of the proxy$/m,
    /^The control connection to 127\.0\.0\.1:\d+ through the proxy 127\.0\.0\.1:\d+ could not be opened: the proxy answered 407 /m,
  ],
  'remote-log.ts': [/^2025-01-01T00:03:14\.000Z ERROR /m, /^the first line: 2025-01-01T00:00:00/m],
  'retry.ts': [
    /^SIZE \/in\/orders\.csv, try 2: .*450/m,
    /^size: 9$/m,
    /^STOR \/in\/big\.bin, try 2: /m,
    /^stored: 500000 bytes, at try 2$/m,
    /^not repeated: DELE \/in\/orders\.csv, outcome: unknown$/m,
  ],
  'segments.ts': [
    /^FtpTransferError\nkept: big\.iso\.\*\.map big\.iso\.\*\.part$/m,
    /^30000000 bytes, resumed\nbig\.iso: the same$/m,
  ],
  'trees.ts': [
    /^ +4067 \/$/m,
    /^ +2030 \/logs\/2024$/m,
    /^logs\/2023\/app\.log logs\/2024\/app\.log$/m,
    /^removed: 2 files, 2 directories\nmade: true$/m,
  ],
  'transfer-log.ts': [
    /^\S+Z session 1: download images\/disk\.img: 25165824 of 25165824 bytes in \d+ ms, complete, verified by size$/m,
    /^\S+Z session [12]: download images\/disk\.img: \d+ bytes in \d+ ms, cancelled$/m,
    /^\S+Z session [12]: download: \d+ bytes in \d+ ms, complete$/m,
  ],
  'resume.ts': [
    /^\/disk\.img goes on at 400000$/m,
    /^downloaded: sha256 [0-9a-f]{64}$/m,
    /^\/copy\.img goes on at 300000$/m,
    /^uploaded: 1000000 bytes in 2 tries, verified by SHA-512$/m,
  ],
  'unit-test.ts': [/^rows: ok$/m, /^half a file: ok$/m, /^the next try: ok$/m],
  'upload.ts': [/^incoming\/upload\.ts is stored: \d+ bytes, verified: true$/m],
};

const examples = (await readdir(folder)).filter((name) => name.endsWith('.ts') && name !== 'start.ts');

describe('the examples', () => {
  it('are all run here', () => {
    expect(examples.toSorted()).toEqual(Object.keys(SHOWS).toSorted());
  });

  it.each(examples)('%s is short, and says how to run it', async (name) => {
    const text = await readFile(new URL(name, folder), 'utf8');
    expect(text.split('\n').length).toBeLessThanOrEqual(41);
    expect(text).toContain(`npx tsx examples/${name}`);
  });

  it.each(examples)('%s runs', async (name) => {
    const { exitCode, stdout, stderr } = await runExample(name);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    for (const line of SHOWS[name] ?? []) expect(stdout).toMatch(line);
  });

  it('own-verb.ts has the functions that the README shows', async () => {
    const [readme, example] = await Promise.all(
      [new URL('../../README.md', import.meta.url), new URL('own-verb.ts', folder)].map((url) => readFile(url, 'utf8')),
    );
    const functions = example?.match(/^\/\*\*(?:(?!^\/\*\*).)*?^function .*?^}$/gms) ?? [];
    expect(functions).toHaveLength(2);
    for (const text of functions) expect(readme).toContain(text);
  });
});

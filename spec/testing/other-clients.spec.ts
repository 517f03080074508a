/** Other clients on a test server: what it says is not what ours alone understands. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestServer, testServer } from '../../lib/testing/index.js';
import { type Certificate, CertificateAuthority } from '../support/certificates.js';
import { curl, hasCurl, hasPython, orSkipped, python } from './support/programs.js';

const LARGE = 'line\n'.repeat(60_000);
const files = { '/in/a.txt': 'hello', '/in/large.txt': LARGE, '/empty/': '' };
const login = { user: 'me', password: 'secret' };

let folder: string;
let authority: CertificateAuthority;
let pair: Certificate;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rxftp-clients-'));
  authority = await CertificateAuthority.create();
  pair = await authority.issue();
  await writeFile(join(folder, 'ca.pem'), authority.cert);
});
afterAll(() => rm(folder, { recursive: true }));

const local = (name: string): string => join(folder, name);
const MODES = [undefined, 'explicit', 'implicit'] as const;

function start(mode: (typeof MODES)[number]): Promise<TestServer> {
  return testServer({ files, ...login, secure: mode && { mode, ...pair } });
}

describe.skipIf(!hasCurl)(orSkipped('curl', hasCurl), () => {
  /** The URL of a path, and the arguments that this link needs. */
  function at({ url }: TestServer, path: string, mode: (typeof MODES)[number]): string[] {
    const address = url.replace(/^ftpes:/, 'ftp:').replace(/\/$/, path);
    const tls = mode === undefined ? [] : ['--cacert', local('ca.pem')];
    return [address, ...tls, ...(mode === 'explicit' ? ['--ssl-reqd'] : [])];
  }

  it.each(MODES)('lists and gets (TLS: %s)', async (mode) => {
    await using server = await start(mode);
    expect((await curl(...at(server, '/', mode), '-l')).trim().split(/\r?\n/)).toEqual(['in', 'empty']);
    expect(await curl(...at(server, '/in/', mode))).toMatch(/^-rw-r--r-- +1 ftp +ftp +5 Jan +1 +2024 a\.txt\r?\n/);
    expect(await curl(...at(server, '/in/a.txt', mode))).toBe('hello');
    await curl(...at(server, '/in/large.txt', mode), '-o', local('large.txt'));
    expect(await readFile(local('large.txt'), 'utf8')).toBe(LARGE);
  });

  it.each(MODES)('puts, appends, renames and deletes (TLS: %s)', async (mode) => {
    await using server = await start(mode);
    await writeFile(local('up.txt'), LARGE);
    await curl(...at(server, '/new/dir/up.txt', mode), '-T', local('up.txt'), '--ftp-create-dirs');
    expect(server.files.get('/new/dir/up.txt')?.text).toBe(LARGE);
    await curl(...at(server, '/new/dir/up.txt', mode), '-T', local('up.txt'), '--append');
    expect(server.files.get('/new/dir/up.txt')?.size).toBe(2 * LARGE.length);
    await curl(...at(server, '/', mode), '-Q', '-RNFR in/a.txt', '-Q', '-RNTO in/b.txt', '-Q', '-DELE in/large.txt');
    expect([...server.files.keys()]).not.toContain('/in/large.txt');
    expect(server.files.get('/in/b.txt')?.text).toBe('hello');
  });

  it.each(MODES)('resumes both ways (TLS: %s)', async (mode) => {
    await using server = await start(mode);
    await writeFile(local('part.txt'), LARGE.slice(0, 100_001));
    await curl(...at(server, '/in/large.txt', mode), '-C', '-', '-o', local('part.txt'));
    expect(await readFile(local('part.txt'), 'utf8')).toBe(LARGE);
    expect(server.commands).toContain('REST 100001');
    await writeFile(local('up.txt'), LARGE);
    server.files.set('/up.txt', LARGE.slice(0, 1000));
    await curl(...at(server, '/up.txt', mode), '-C', '-', '-T', local('up.txt'));
    expect(server.files.get('/up.txt')?.text).toBe(LARGE);
  });

  // Not with TLS: curl 7.88 does not begin its handshake on a connection that it has accepted.
  it('uses active mode, and PASV', async () => {
    await using server = await start(undefined);
    const url = at(server, '/in/a.txt', undefined);
    expect(await curl(...url, '--ftp-port', '127.0.0.1')).toBe('hello');
    expect(server.commands.some((command) => command.startsWith('EPRT'))).toBe(true);
    expect(await curl(...url, '--ftp-port', '127.0.0.1', '--disable-eprt')).toBe('hello');
    expect(await curl(...url, '--disable-epsv')).toBe('hello');
  });

  it('meets the faults', async () => {
    await using server = await start(undefined);
    server.fail('RETR', { cut: 'data', afterBytes: 3 });
    // 18: a file that came in part.
    await expect(curl(...at(server, '/in/a.txt', undefined))).rejects.toMatchObject({ code: 18, stdout: 'hel' });
    server.fail('PASS', { refuse: 530 });
    await expect(curl(...at(server, '/in/a.txt', undefined))).rejects.toMatchObject({ code: 67 });
  });
});

const FTPLIB = `
import ftplib, io, json, ssl, sys
host, port, mode, ca = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
class Implicit(ftplib.FTP_TLS):
    _sock = None
    @property
    def sock(self): return self._sock
    @sock.setter
    def sock(self, value):
        self._sock = value if value is None or isinstance(value, ssl.SSLSocket) else self.context.wrap_socket(value, server_hostname=self.host)
context = ssl.create_default_context(cafile=ca) if mode != 'plain' else None
ftp = ftplib.FTP() if mode == 'plain' else (Implicit if mode == 'implicit' else ftplib.FTP_TLS)(context=context)
ftp.encoding = 'utf-8'
ftp.connect(host, port, timeout=20)
ftp.login('me', 'secret')
if mode != 'plain': ftp.prot_p()
seen = {}
seen['nlst'] = ftp.nlst('in')
seen['mlsd'] = [(name, facts['type'], facts.get('size')) for name, facts in ftp.mlsd('/')]
rows = []
ftp.dir('in', rows.append)
seen['dir'] = len(rows)
def get(path, rest=None):
    out = io.BytesIO()
    ftp.retrbinary('RETR ' + path, out.write, rest=rest)
    return out.getvalue().decode()
seen['get'] = get('in/a.txt')
seen['rest'] = get('in/a.txt', 3)
ftp.storbinary('STOR in/new.txt', io.BytesIO(b'one' * 50000))
seen['size'] = ftp.size('in/new.txt')
ftp.storbinary('STOR in/new.txt', io.BytesIO(b'!'), rest=3)
ftp.storlines('STOR in/lines.txt', io.BytesIO(b'a\\nb\\n'))
lines = []
ftp.retrlines('RETR in/lines.txt', lines.append)
seen['lines'] = lines
ftp.rename('in/new.txt', 'in/moved.txt')
seen['mkd'] = ftp.mkd('made')
ftp.cwd('made')
seen['pwd'] = ftp.pwd()
ftp.cwd('..')
ftp.rmd('made')
ftp.delete('in/large.txt')
ftp.set_pasv(False)
seen['active'] = get('in/a.txt')
seen['quit'] = ftp.quit()[:3]
print(json.dumps(seen))
`;

const FTPLIB_LOGIN = FTPLIB.slice(0, FTPLIB.indexOf('seen = {}'));

/** In clear text ftplib sends ABOR as urgent data, whose last byte does not come inline. */
const FTPLIB_ABORT = `${FTPLIB_LOGIN}
seen = []
def abort():
    seen.append(ftp.abort()[:3])
    data.close()
    seen.append(ftp.getresp()[:3])
    seen.append(ftp.pwd())
data = ftp.transfercmd('RETR in/endless')
while not data.recv(1000): pass
abort()
data = ftp.transfercmd('STOR in/up')
data.sendall(b'begun')
abort()
seen.append(ftp.abort()[:3])
seen.append(ftp.voidcmd('NOOP')[:3])
print(json.dumps(seen))
`;

describe.skipIf(!hasPython)(orSkipped("Python's ftplib", hasPython), () => {
  it.each(MODES)('aborts transfers, and none (TLS: %s)', async (mode) => {
    await using server = await start(mode);
    server.files.set('/in/endless', { size: 1e9, read: (from, to) => new Uint8Array(to - from) });
    const { host, port } = server.options;
    const seen = JSON.parse(await python(FTPLIB_ABORT, host, String(port), mode ?? 'plain', local('ca.pem')));
    expect(seen).toEqual(['426', '226', '/', '426', '226', '/', '225', '200']);
    expect(server.commands.filter((command) => command === 'ABOR')).toHaveLength(3);
  });

  it.each(MODES)('lists, gets, puts, renames and resumes (TLS: %s)', async (mode) => {
    await using server = await start(mode);
    const { host, port } = server.options;
    const seen = JSON.parse(await python(FTPLIB, host, String(port), mode ?? 'plain', local('ca.pem')));
    expect(seen).toEqual({
      nlst: ['a.txt', 'large.txt'],
      mlsd: [
        ['in', 'dir', null],
        ['empty', 'dir', null],
      ],
      dir: 2,
      get: 'hello',
      rest: 'lo',
      size: 150_000,
      lines: ['a', 'b'],
      mkd: '/made',
      pwd: '/made',
      active: 'hello',
      quit: '221',
    });
    expect([...server.files].map(([path, { text }]) => [path, text])).toEqual([
      ['/in/a.txt', 'hello'],
      ['/empty/', ''],
      ['/in/lines.txt', 'a\nb\n'],
      ['/in/moved.txt', 'one!'],
    ]);
  });
});

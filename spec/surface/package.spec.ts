import { access } from 'node:fs/promises';
import { posix } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testServer } from '../../lib/testing/index.js';
import { PACKING_TIMEOUT_MS } from '../support/package/packed.js';
import { type DocExample, docExamples } from './support/doc-examples.js';
import { InstalledPackage } from './support/installed-package.js';

let installed: InstalledPackage;

beforeAll(async () => {
  installed = await InstalledPackage.make();
}, PACKING_TIMEOUT_MS);
afterAll(() => installed[Symbol.asyncDispose]());

const javascript = `
import { DEFAULTS, FtpClient, FtpUsageError, isFtpError } from 'rxftp';
import { ReplyDecoder } from 'rxftp/protocol';
import * as recipes from 'rxftp/recipes';
import { lastValueFrom } from 'rxjs';

const ftp = new FtpClient('ftp://127.0.0.1:1/');
const error = await lastValueFrom(ftp.pwd$()).catch((error) => error);
const bad = await lastValueFrom(ftp.dele$('a\\r\\nb')).catch((error) => error);
await lastValueFrom(ftp.close$());
console.log(JSON.stringify([
  DEFAULTS.user, error.code, isFtpError(error), bad instanceof FtpUsageError, typeof ReplyDecoder, Object.keys(recipes).length > 0,
]));
`;

const globbing = `
import { glob$, local } from 'rxftp/recipes';
import { lastValueFrom, map, toArray } from 'rxjs';

const names = await lastValueFrom(glob$(local('.'), 'glob*.js').pipe(map(({ path }) => path), toArray()));
console.log(JSON.stringify(names));
`;

/** Nothing listens at the proxies, and the package `socks` is not there. */
const proxies = `
import { connectSocket, FtpClient } from 'rxftp';
import { httpConnect, proxyFromEnvironment, socks } from 'rxftp/proxy';
import { lastValueFrom } from 'rxjs';

const failed = async (connector) => {
  const ftp = new FtpClient({ host: 'ftp.example.invalid', connector });
  const { code, message } = await lastValueFrom(ftp.noop$()).catch((error) => error);
  await lastValueFrom(ftp.close$());
  return [code, message];
};
console.log(JSON.stringify([
  await failed(socks('socks5h://127.0.0.1:1')),
  await failed(httpConnect('http://127.0.0.1:1')),
  proxyFromEnvironment({}) === connectSocket,
]));
`;

/** A test of a user's own, in JavaScript: without anything of this repository but the package. */
const testing = `
import { FtpClient, FtpTransferError } from 'rxftp';
import { byteStream, testServer } from 'rxftp/testing';
import { lastValueFrom, of, toArray } from 'rxjs';

const server = await testServer({ files: { '/in/a.csv': '1;2' }, user: 'me', password: 'secret' });
const ftp = new FtpClient(server.options);
server.fail('RETR', { cut: 'data', afterBytes: 1 });
const failed = await lastValueFrom(ftp.retr$('/in/a.csv')).catch((error) => error);
const text = Buffer.from(await lastValueFrom(ftp.retr$('/in/a.csv'))).toString();
await lastValueFrom(ftp.stor$('/out/b.csv', '3')).catch((error) => console.log(error.reply.code));
await lastValueFrom(ftp.stor$('/in/b.csv', byteStream(of('3;', '4'))));
const entries = await lastValueFrom(ftp.entries$('/in').pipe(toArray()));
await lastValueFrom(ftp.close$());
await server[Symbol.asyncDispose]();
const bad = await testServer({ usr: 'me' }).catch((error) => error.message);
console.log(JSON.stringify([
  failed instanceof FtpTransferError, text, server.files.get('/in/b.csv').text, entries.map(({ name }) => name),
  server.commands.includes('PASS ***'), bad.includes('did you mean user?'),
]));
`;

/** The same in strict TypeScript: a fake `retr$`, and every shape of a file and of a fault. */
const typedTesting = `
import { FtpClient, type FtpOperations } from 'rxftp';
import { byteStream, type TestFault, type TestFile, type TestServer, testServer } from 'rxftp/testing';
import { interval, map } from 'rxjs';

export const fake: Pick<FtpOperations, 'retr$'> = { retr$: () => byteStream(interval(1).pipe(map(String))) };
const faults: readonly TestFault[] = [
  { refuse: 450 }, { delayMs: 10 }, { cut: 'data', afterBytes: 1 }, { reset: 'control' }, { stall: 'data' }, { truncate: 1 },
];
// @ts-expect-error there are two connections
export const wrong: TestFault = { cut: 'all' };
// @ts-expect-error a fault has one kind
export const two: TestFault = { cut: 'data', truncate: 1 };
export async function use(): Promise<TestFile | undefined> {
  await using server: TestServer = await testServer({
    files: { '/a': 'text', '/b': Uint8Array.of(1), '/c': { bytes: '', modified: new Date() }, '/d/': '', '/e': { size: 1, read: () => Uint8Array.of(1) } },
    secure: undefined,
    listing: 'unix',
  });
  await using ftp = new FtpClient(server.options);
  for (const fault of faults) server.fail('RETR', fault);
  const off: () => void = server.on('SIZE', ({ argument, session }) => (session === 1 ? \`213 \${argument.length}\` : undefined));
  off();
  ftp.pwd$().subscribe();
  server.files.set('/f', 'text').set('/g', { bytes: 'text' });
  return server.files.get('/f');
}
`;

/** Prints which of Node's own modules came with each step. */
const loading = `
await import('rxjs');
const steps = [];
let known = new Set(process.moduleLoadList);
const note = () => {
  const loaded = process.moduleLoadList.filter((name) => !known.has(name));
  known = new Set(process.moduleLoadList);
  steps.push(['net', 'tls', 'crypto', 'internal/webstreams/readablestream'].filter((name) => loaded.includes('NativeModule ' + name)));
};
const { digest, FtpClient } = await import('rxftp');
const { lastValueFrom } = await import('rxjs');
await import('rxftp/recipes');
note();
const [, , host, port] = process.argv;
const ftp = new FtpClient({ host, port: Number(port) });
await lastValueFrom(ftp.entries$('/'));
await lastValueFrom(ftp.retr$('/a'));
await lastValueFrom(ftp.stor$('/b', 'text'));
await ftp[Symbol.asyncDispose]();
note();
digest('sha256');
note();
new FtpClient({ host, secure: 'explicit', tls: { minVersion: 'TLSv1.2' } });
note();
console.log(JSON.stringify(steps));
`;

/** Uses what is loaded late, where Node could not find out where it is: so in a chroot without /proc. */
const elsewhere = `
process.execPath = 'node';
import('rxftp').then(({ digest, FtpClient }) => {
  digest('sha256');
  new FtpClient({ host: '127.0.0.1', secure: 'explicit', tls: { minVersion: 'TLSv1.2' } });
  console.log('good');
});
`;

const commonjs = `
const { FtpClient, isFtpError } = require('rxftp');
const { ReplyDecoder } = require('rxftp/protocol');
const { download$ } = require('rxftp/recipes');
const { Observable } = require('rxjs');
const ftp = new FtpClient('ftp://127.0.0.1:1/');
console.log(JSON.stringify([ftp.pwd$() instanceof Observable, !isFtpError(1), typeof ReplyDecoder, typeof download$]));
`;

/** Prints, for each class, whether each copy takes the other's error for its own, and for none of another class. */
const twoCopies = `
import * as one from 'rxftp';
import * as other from 'rxftp-copy';
const details = {
  channel: 'control', phase: 'idle', afterMs: 1, bytes: 0, reply: { code: 550, class: 5, text: 'No.', lines: ['No.'] },
};
const names = Object.keys(one).filter((name) => /^Ftp\\w+Error$/.test(name));
const agree = (mine, theirs) => names.map((name) => {
  const error = new theirs[name]('m', details);
  const classes = names.filter((each) => error instanceof mine[each]);
  return [name, mine[name] !== theirs[name], mine.isFtpError(error), error instanceof mine.FtpError, classes.join()];
});
const forged = { ...new one.FtpUsageError('m'), name: 'FtpUsageError', message: 'm' };
const seen = [one, other].map(({ isFtpError, FtpError }) => [isFtpError(forged), forged instanceof FtpError]);
console.log(JSON.stringify({ names, agree: [agree(one, other), agree(other, one)], seen }));
`;

interface SourceMap {
  readonly sources: readonly string[];
  readonly sourcesContent?: unknown;
}

const typescript = `
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { connect$, type ConnectorEndpoint, type Endpoint, type FileEntry, FtpClient, type FtpOperations, FtpReplyError, lines, paced, progress as progressOf, type Reply } from 'rxftp';
import { parsePasv, type Reply as ProtocolReply, ReplyDecoder } from 'rxftp/protocol';
import { download$ } from 'rxftp/recipes';
import { lastValueFrom, map, type Observable, switchMap } from 'rxjs';

export async function use(ftp: FtpOperations): Promise<number> {
  await using client = new FtpClient({ host: 'ftp.example.com', secure: 'explicit', tls: { rejectUnauthorized: true } });
  await pipeline(client.retr$('/a'), createWriteStream('a'));
  for await (const chunk of client.retr$('/a')) console.log(chunk.length);
  return lastValueFrom(ftp.size$('/a'));
}
export const names: Observable<string> = connect$('ftp://h/').pipe(switchMap((ftp) => ftp.entries$()), map(({ name }: FileEntry) => name));
export const text: Observable<string> = new FtpClient('ftp://h/').retr$('/a').pipe(lines());
export const bytes: Promise<Uint8Array> = lastValueFrom(new FtpClient('ftp://h/').retr$('/a'));
export const reply: Reply = [...new ReplyDecoder({ decode: String, maxLineBytes: 80, maxReplyBytes: 800 }).push(new Uint8Array())][0] as ProtocolReply;
export const port: number = parsePasv('227 (1,2,3,4,5,6)').port;
export const passive: Endpoint = parsePasv('227 (1,2,3,4,5,6)');
export const asked = (endpoint: ConnectorEndpoint): Endpoint => endpoint;
export const isTemporary = (error: unknown): boolean => error instanceof FtpReplyError && error.transient;
export const progress = download$(new FtpClient('ftp://h/'), '/a', 'a');
export function mayBeCancelled(ftp: FtpOperations, signal: AbortSignal | undefined, size: number | undefined): void {
  ftp.retr$('/a', { signal, size, start: size }).subscribe();
  ftp.stor$('/a', 'text', { signal, verify: undefined }).subscribe();
  ftp.entries$('/', { signal }).pipe(paced(() => ftp.mlsd$('/', { signal, facts: undefined }))).subscribe();
  ftp.exchange$('NOOP', { signal, expect: 2 }).subscribe();
  ftp.transfer$('RETR a', { signal, source: undefined }).subscribe();
  download$(ftp, '/a', 'a', { signal, progressIntervalMs: undefined }).pipe(progressOf({ total: size })).subscribe();
}
// @ts-expect-error a path is needed
new FtpClient('ftp://h/').retr$();
// @ts-expect-error a misspelt option is noticed
new FtpClient({ host: 'h', usr: 'me' });
`;

describe('the package', () => {
  it('has dist, its sources, README, CHANGELOG, the licences and nothing else', () => {
    const besides = installed.files.filter((path) => !/^(dist\/.+\.(js|d\.ts)(\.map)?|lib\/.+\.ts)$/.test(path)).sort();
    const licences = ['dist/THIRD-PARTY-LICENSES.txt', 'dist/cli/THIRD-PARTY-LICENSES.txt'];
    expect(besides).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', ...licences, 'package.json']);
    expect(installed.files).toEqual(
      expect.arrayContaining(['dist/index.js', 'dist/index.d.ts', 'dist/protocol/index.js', 'dist/recipes/index.d.ts']),
    );
  });

  it('works from JavaScript', async () => {
    await installed.write('user.js', javascript);
    const { stdout } = await installed.node('user.js');
    expect(stdout).toBe('["anonymous","ERR_FTP_CONNECTION",true,true,"function",true]\n');
  });

  it('finds files by patterns without another package, whose licence it has', async () => {
    await installed.write('globbing.js', globbing);
    expect(await installed.node('globbing.js')).toEqual({ stdout: '["globbing.js"]\n', failed: false });
    expect(await installed.readInstalled('dist/THIRD-PARTY-LICENSES.txt')).toMatch(/^picomatch \d.*\(MIT\)$/m);
    const { dependencies } = JSON.parse(await installed.readInstalled('package.json')) as { dependencies?: object };
    expect(dependencies).toBeUndefined();
  });

  it('has the command rxftp, whose libraries are in it with their licences', async () => {
    await using server = await testServer({ files: { '/a.txt': 'content' } });
    expect(await installed.command('cat', `${server.url}a.txt`)).toEqual({ stdout: 'content', failed: false });
    expect(await installed.command('find', server.url, '*.txt')).toEqual({ stdout: 'a.txt\n', failed: false });
    const licences = await installed.readInstalled('dist/cli/THIRD-PARTY-LICENSES.txt');
    for (const name of ['commander', 'rxjs', 'picomatch'])
      expect(licences).toMatch(new RegExp(`^${name} \\d.*\\(`, 'm'));
  });

  it('loads picomatch for patterns alone', async () => {
    for (const entry of ['dist/index.js', 'dist/recipes/index.js']) {
      expect((await reachedFrom(entry)).join('\n')).not.toContain('node_modules/picomatch');
    }
  });

  it('goes through proxies, and says what to install for SOCKS', async () => {
    await installed.write('proxies.js', proxies);
    const { stdout } = await installed.node('proxies.js');
    expect(JSON.parse(stdout)).toEqual([
      ['ERR_FTP_USAGE', 'A SOCKS proxy needs the package socks, which is not installed: npm install socks'],
      ['ERR_FTP_CONNECTION', expect.stringContaining('through the proxy 127.0.0.1:1 could not be opened')],
      true,
    ]);
  });

  it('has a test server for JavaScript, which ends with its process', async () => {
    await installed.write('testing.js', testing);
    const { stdout } = await installed.node('testing.js');
    expect(stdout).toBe('553\n[true,"1;2","3;4",["a.csv","b.csv"],true,true]\n');
  });

  it('has a test server for strict TypeScript', async () => {
    await installed.write('testing.ts', typedTesting);
    expect(await installed.tsc(['testing.ts'])).toEqual({ stdout: '', failed: false });
  });

  it('brings no test server along with anything else', async () => {
    const entries = [
      'dist/index.js',
      'dist/protocol/index.js',
      'dist/proxy/index.js',
      'dist/recipes/index.js',
      'dist/sinks/index.js',
    ];
    const reached = await Promise.all(entries.map((entry) => reachedFrom(entry)));
    expect(reached.flat().join('\n')).not.toContain('The test that runs this server has failed');
    expect((await reachedFrom('dist/testing/index.js')).join('\n')).toContain(
      'The test that runs this server has failed',
    );
  });

  it('knows the errors of another copy of itself', async () => {
    await installed.copyAs('rxftp-copy');
    await installed.write('copies.js', twoCopies);
    const { stdout } = await installed.node('copies.js');
    const { names, agree, seen } = JSON.parse(stdout) as Record<'names' | 'agree' | 'seen', unknown[]>;
    expect(names).toHaveLength(8);
    // The one that is a subclass of another.
    const classesOf = (name: unknown) => (name === 'FtpUnsupportedError' ? `${name},FtpUsageError` : name);
    const expected = names.map((name) => [name, true, true, true, classesOf(name)]);
    expect(agree).toEqual([expected, expected]);
    expect(seen).toEqual([
      [false, false],
      [false, false],
    ]);
  });

  it("loads of Node's modules what is used, when it is used", async () => {
    await using server = await testServer({ files: { '/a': 'text' } });
    await installed.write('loading.js', loading);
    const { stdout } = await installed.node('loading.js', server.options.host, String(server.options.port));
    const [atImport, inClear, hashing, tls] = JSON.parse(stdout) as string[][];
    expect({ atImport, inClear, hashing, tls }).toEqual({
      atImport: ['net'],
      inClear: [],
      hashing: ['crypto'],
      tls: ['tls'],
    });
  });

  it.each([
    'esm',
    'cjs',
  ] as const)("finds Node's modules bundled into a program, and wherever Node is (%s)", async (format) => {
    await installed.write('elsewhere.js', elsewhere);
    const bundled = await installed.bundle('elsewhere.js', format);
    expect(await installed.node('elsewhere.js')).toEqual({ stdout: 'good\n', failed: false });
    expect(await installed.node(bundled)).toEqual({ stdout: 'good\n', failed: false });
  });

  it('gives a bundler what is asked for, and little else', async () => {
    await installed.write('part.js', "import { isFtpError } from 'rxftp';\nconsole.log(isFtpError(1));\n");
    const bundled = await installed.bundle('part.js', 'esm');
    expect(await installed.node(bundled)).toEqual({ stdout: 'false\n', failed: false });
    const text = await installed.read(bundled);
    expect(text).toContain('isFtpError');
    expect(text.length).toBeLessThan(8 * 1024);
    expect(text).not.toMatch(/\b(EXCHANGES|RULES|KNOWN|NUMBERS|DIALECTS)\b/);
  });

  it('works from strict TypeScript, with the declarations checked too', async () => {
    await installed.write('user.ts', typescript);
    expect(await installed.tsc(['user.ts'])).toEqual({ stdout: '', failed: false });
  });

  it.each([
    { module: 'node16', moduleResolution: 'node16' },
    { module: 'nodenext', moduleResolution: 'nodenext' },
    { module: 'preserve', moduleResolution: 'bundler' },
    { module: 'esnext', moduleResolution: 'bundler' },
    // As by default from TypeScript 6 on: the package asks for the types of Node itself.
    { module: 'nodenext', types: [] },
  ])('works from TypeScript with %j, its declarations checked too', async (options) => {
    await installed.write('modes.ts', typescript);
    expect(await installed.tsc(['modes.ts'], options)).toEqual({ stdout: '', failed: false });
  });

  it('works from CommonJS in TypeScript', async () => {
    const imports = "import { FtpClient } from 'rxftp';\nimport { ReplyDecoder } from 'rxftp/protocol';\n";
    await installed.write('user.cts', `${imports}export const both = [FtpClient, ReplyDecoder];\n`);
    expect(await installed.tsc(['user.cts'])).toEqual({ stdout: '', failed: false });
  });

  // Node 20.19, 22.12 and later.
  it.skipIf(!('require_module' in process.features))('works by require, with the same rxjs', async () => {
    await installed.write('user.cjs', commonjs);
    expect(await installed.node('user.cjs')).toEqual({ stdout: '[true,true,"function","function"]\n', failed: false });
  });

  it('has the sources that its maps name', async () => {
    const maps = installed.files.filter((path) => path.endsWith('.map'));
    expect(maps).toEqual(expect.arrayContaining(['dist/client.js.map', 'dist/index.d.ts.map']));
    for (const map of maps) {
      const { sources, sourcesContent } = JSON.parse(await installed.readInstalled(map)) as SourceMap;
      const named = sources.map((source) => posix.join(posix.dirname(map), source));
      expect(named.filter((path) => !installed.files.includes(path))).toEqual([]);
      expect(sourcesContent).toBeUndefined();
    }
  });

  it('shows its own sources in a stack, where Node is asked to', async () => {
    const text =
      "import { parseFtpUrl } from 'rxftp';\ntry { parseFtpUrl('no'); } catch (error) { console.log(error.stack); }\n";
    await installed.write('stack.js', text);
    const { stdout } = await installed.node('--enable-source-maps', 'stack.js');
    expect(stdout).toMatch(/rxftp\/lib\/client\/ftp-url\.ts:\d+/);
  });

  it('says where it comes from, in links that work everywhere', async () => {
    const { homepage, bugs, repository, author } = JSON.parse(await installed.readInstalled('package.json'));
    expect(homepage).toBe('https://github.com/rxftp/rxftp#readme');
    expect(bugs.url).toBe('https://github.com/rxftp/rxftp/issues');
    expect(repository).toEqual({ type: 'git', url: 'git+https://github.com/rxftp/rxftp.git' });
    expect(author).toBe('the rxftp authors');
    for (const file of ['README.md', 'CHANGELOG.md']) {
      const text = await installed.readInstalled(file);
      const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
      for (const link of links) await expectToLead(link, text);
    }
  });

  it('lets nobody import what is not exported', async () => {
    await installed.write('deep.js', "import 'rxftp/dist/client/netrc.js';");
    const { stdout, failed } = await installed.node('deep.js');
    expect(failed).toBe(true);
    expect(stdout).toContain('ERR_PACKAGE_PATH_NOT_EXPORTED');
  });

  it('has a README whose first example runs as it is', async () => {
    const [, first = ''] = /^```ts\n(.*?)^```/ms.exec(await installed.readInstalled('README.md')) ?? [];
    await installed.write('first.mjs', first);
    const { stdout, failed } = await installed.node('first.mjs');
    expect({ stdout, failed }).toEqual({ stdout: `${'a line\n'.repeat(3)}3 lines of 7000000 bytes\n`, failed: false });
    expect(await installed.read('readme.txt')).toBe('Hello.\n');
  });

  it('has docs whose examples compile', async () => {
    const modules = {
      rxftp: Object.keys(await import('../../lib/index.js')),
      'rxftp/proxy': Object.keys(await import('../../lib/proxy/index.js')),
      'rxftp/recipes': Object.keys(await import('../../lib/recipes/index.js')),
      'rxftp/sinks': Object.keys(await import('../../lib/sinks/index.js')),
      'rxftp/testing': Object.keys(await import('../../lib/testing/index.js')),
      rxjs: Object.keys(await import('rxjs')),
      'node:fs': ['createReadStream', 'createWriteStream'],
      'node:fs/promises': ['open'],
      'node:stream/promises': ['pipeline'],
      'node:zlib': ['createGunzip'],
    };
    const examples = await docExamples(modules);
    expect(examples.length).toBeGreaterThan(20);
    for (const { file, text } of examples) await installed.write(file, text);
    const { stdout } = await installed.tsc(examples.map(({ file }) => file));
    expect(placed(stdout, examples)).toBe('');
  });
});

/** The text of a file of the package, and of all files that it imports. */
async function reachedFrom(entry: string, seen: Set<string> = new Set()): Promise<string[]> {
  if (seen.has(entry)) return [];
  seen.add(entry);
  const text = await installed.readInstalled(entry);
  const imports = [...text.matchAll(/from\s*"(\.[^"]+)"|import\s*"(\.[^"]+)"/g)].map(
    ([, named, bare]) => named ?? bare ?? '',
  );
  const further = await Promise.all(imports.map((path) => reachedFrom(posix.join(posix.dirname(entry), path), seen)));
  return [text, ...further.flat()];
}

const HERE = 'https://github.com/rxftp/rxftp/';

/** A place in the same text, a file or folder of this repository, or a page elsewhere. */
async function expectToLead(link: string, text: string): Promise<void> {
  if (link.startsWith('#')) {
    const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
      // As GitHub makes them.
      heading
        .toLowerCase()
        .replace(/[^\w -]/g, '')
        .replaceAll(' ', '-'),
    );
    expect(headings).toContain(link.slice(1));
    return;
  }
  expect(link).toMatch(/^https:\/\//);
  if (!link.startsWith(HERE)) return;
  const [, path] = /^(?:blob|tree)\/main\/([^#]*)/.exec(link.slice(HERE.length)) ?? [];
  await access(new URL(`../../${path}`, import.meta.url));
}

/** The compiler's messages, with the places that people know. */
function placed(messages: string, examples: readonly DocExample[]): string {
  return messages.replace(/^example-(\d+)\.ts/gm, (file, index) => examples[Number(index)]?.place ?? file);
}

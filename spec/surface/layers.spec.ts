/** The layers of lib: imports go one way, and sockets are made in one place. */
import { readdir, readFile } from 'node:fs/promises';
import { posix, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../lib/', import.meta.url));
const order = [
  'errors.ts',
  'protocol',
  'net',
  'proxy',
  'streams',
  'control',
  'data',
  'client',
  'sinks',
  'recipes',
  'testing',
  'index.ts',
  'cli',
];

/** These are bundled into the command, and nothing else of the package has them. */
const OF_THE_COMMAND = [
  '@bomb.sh/tab',
  'cli-progress',
  'cli-table3',
  'commander',
  'picocolors',
  'pretty-bytes',
  'read',
];

interface Import {
  readonly file: string;
  /** What stands between `import` and `from`; nothing for an `import()`. */
  readonly what: string;
  readonly from: string;
  /** Nothing of it is left at run time. */
  readonly typeOnly: boolean;
}

const imports: Import[] = [];

beforeAll(async () => {
  const files = (await readdir(root, { recursive: true })).filter((name) => name.endsWith('.ts'));
  for (const name of files) {
    const text = await readFile(`${root}${name}`, 'utf8');
    imports.push(...importsOf(name.replaceAll(sep, '/'), text));
  }
});

function importsOf(file: string, text: string): Import[] {
  const statements = text.matchAll(/^(?:import|export)\s(?<what>[^'";]*?)\sfrom '(?<from>[^']+)';/gms);
  const later = text.matchAll(/\bimport\('(?<from>[^']+)'\)/g);
  return [...statements, ...later].map(({ groups }) => {
    const { what = '', from = '' } = groups ?? {};
    return { file, what, from, typeOnly: isTypeOnly(what) };
  });
}

/** `type { A }`, or `{ type A, type B }`. */
function isTypeOnly(what: string): boolean {
  if (what.startsWith('type ')) return true;
  const [, names] = /^\{(.*)\}$/s.exec(what.trim()) ?? [];
  if (names === undefined) return false;
  const each = names.split(',').map((name) => name.trim());
  return each.every((name) => name === '' || name.startsWith('type '));
}

/** These are bundled: recipes load them when they are first used, so that nothing else brings them along. */
function isBundled({ file, what, from }: Import): boolean {
  return ['picomatch', 'ignore'].includes(from) && layerOf(file) === 'recipes' && what === '';
}

function layerOf(path: string): string {
  return path.split('/')[0] ?? '';
}

/** The file in lib that a relative import names. */
function targetOf({ file, from }: Import): string {
  return posix.normalize(posix.join(posix.dirname(file), from)).replace(/\.js$/, '.ts');
}

function relative(): Import[] {
  return imports.filter(({ from }) => from.startsWith('.'));
}

describe('lib', () => {
  it('is read: there are imports in every layer', () => {
    expect(order.filter((layer) => !imports.some(({ file }) => layerOf(file) === layer))).toEqual(['errors.ts']);
    expect(imports.length).toBeGreaterThan(200);
  });

  it('has no layer that is not in the order', () => {
    expect(imports.filter(({ file }) => !order.includes(layerOf(file)))).toEqual([]);
  });

  it('imports downwards only', () => {
    const upwards = relative().filter((each) => {
      const target = layerOf(targetOf(each));
      return order.indexOf(target) > order.indexOf(layerOf(each.file)) || !order.includes(target);
    });
    expect(upwards).toEqual([]);
  });

  it('has no cycle of files, not even of types', () => {
    const targets = new Map<string, string[]>();
    for (const each of relative()) {
      targets.set(each.file, [...(targets.get(each.file) ?? []), targetOf(each)]);
    }
    expect([...targets.keys()].filter((file) => reaches(targets, file, file))).toEqual([]);
  });

  it('imports rxjs and node: only', () => {
    const known = (from: string): boolean => from.startsWith('.') || from.startsWith('node:') || from === 'rxjs';
    const isOfCommand = ({ file, from }: Import): boolean => layerOf(file) === 'cli' && OF_THE_COMMAND.includes(from);
    const others = imports.filter((each) => !known(each.from) && !isBundled(each) && !isOfCommand(each));
    // The library of SOCKS is an optional peer: one module imports it, when it is first used.
    expect(others.filter(({ file, from }) => file !== 'proxy/socks-handshake.ts' || from !== 'socks')).toEqual([]);
    expect(others.filter(({ what, typeOnly }) => what !== '' && !typeOnly)).toEqual([]);
  });

  it.each(['testing', 'proxy', 'cli'])('has %s, which no other entry point brings along', (layer) => {
    const users = relative().filter((each) => layerOf(targetOf(each)) === layer && layerOf(each.file) !== layer);
    expect(users.filter(({ file }) => layerOf(file) !== 'cli')).toEqual([]);
  });

  it('has a command that is made of what the package exports', () => {
    const below = relative().filter((each) => layerOf(each.file) === 'cli' && layerOf(targetOf(each)) !== 'cli');
    const entries = [
      'index.ts',
      'protocol/index.ts',
      'proxy/index.ts',
      'sinks/index.ts',
      'recipes/index.ts',
      'testing/index.ts',
    ];
    expect(below.filter((each) => !entries.includes(targetOf(each)))).toEqual([]);
    expect(below.length).toBeGreaterThan(0);
  });

  it('makes sockets in lib/net only, and those of the test server in one file', () => {
    const sockets = imports.filter(({ from, typeOnly }) => /^node:(net|tls|dgram|dns)\b/.test(from) && !typeOnly);
    const isAllowed = ({ file }: Import): boolean => layerOf(file) === 'net' || file === 'testing/server-sockets.ts';
    expect(sockets.filter((each) => !isAllowed(each))).toEqual([]);
    expect(sockets.length).toBeGreaterThan(0);
    const later = imports.filter(({ from, what }) => from.endsWith('/builtins.js') && what.includes('nodeTls'));
    expect(later.filter((each) => !isAllowed(each))).toEqual([]);
    expect(later.length).toBeGreaterThan(0);
    const http = imports.filter(({ from, what }) => from === 'node:http' || what.includes('nodeHttp'));
    expect(http.filter(({ file }) => !['net', 'proxy'].includes(layerOf(file)))).toEqual([]);
  });

  it("asks for Node's modules by name in one place, besides importing them", () => {
    const loaders = imports.filter(({ from }) => from === 'node:module');
    // The command keeps its compiled code.
    expect(loaders.map(({ file }) => file).sort()).toEqual(['cli/rxftp.ts', 'net/builtins.ts']);
  });

  it('touches files in sinks, recipes, the command and for .netrc only; one module knows a file stream by its class', () => {
    const disk = imports.filter(({ from, typeOnly }) => /^node:(fs|os|path)\b/.test(from) && !typeOnly);
    const allowed = ['client/netrc.ts', 'streams/file-stream.ts'];
    expect(
      disk.filter(({ file }) => !['sinks', 'recipes', 'cli'].includes(layerOf(file)) && !allowed.includes(file)),
    ).toEqual([]);
  });

  it('has a protocol without node: and without rxjs', () => {
    const foreign = imports.filter(({ file, from }) => layerOf(file) === 'protocol' && !from.startsWith('.'));
    expect(foreign).toEqual([]);
  });
});

function reaches(targets: ReadonlyMap<string, readonly string[]>, from: string, to: string): boolean {
  const seen = new Set<string>();
  const waiting = [...(targets.get(from) ?? [])];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next === to) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    waiting.push(...(targets.get(next) ?? []));
  }
  return false;
}

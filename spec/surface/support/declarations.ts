/**
 * Holds the types that users of an entry point can see: the compiler's declarations of each exported name, and of every name in them,
 * without the comments. Not more, so that inner work changes nothing here.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, posix, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../../', import.meta.url));

/** A declared name, and where: `client/options.d.ts#FtpOptions`. */
type Place = `${string}#${string}`;

interface Module {
  /** Every declared name, to its statement. */
  readonly declared: ReadonlyMap<string, string>;
  /** A name that comes from elsewhere, to its place there; what comes from a package is not here. */
  readonly imported: ReadonlyMap<string, Place>;
  /** The names that other modules can import from here. */
  readonly exported: ReadonlyMap<string, Place>;
}

/** The output of `tsc -p lib`, by path. */
export async function emitDeclarations(): Promise<ReadonlyMap<string, string>> {
  const out = await mkdtemp(join(tmpdir(), 'rxftp-types-'));
  try {
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    await run(process.execPath, [compiler, '-p', 'lib', '--outDir', out, '--declarationMap', 'false'], { cwd: root });
    const names = (await readdir(out, { recursive: true })).filter((name) => name.endsWith('.d.ts'));
    const texts = names.map(
      async (name): Promise<[string, string]> => [name.replaceAll(sep, '/'), await readFile(join(out, name), 'utf8')],
    );
    return new Map(await Promise.all(texts));
  } finally {
    await rm(out, { recursive: true });
  }
}

/** The statements that are needed to read what `entry` exports, by file and name. */
export function visibleTypes(files: ReadonlyMap<string, string>, entry: string): string {
  const modules = new Map([...files].map(([path, text]) => [path, parse(path, text)]));
  const seen = new Map<Place, string>();
  const waiting = [...(modules.get(entry)?.exported.values() ?? [])];
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    const [path = '', name = ''] = place.split('#');
    const module = modules.get(path);
    const statement = module?.declared.get(name);
    if (module === undefined || statement === undefined) {
      const next = module?.exported.get(name) ?? module?.imported.get(name);
      if (next === undefined) throw new Error(`${place} is nowhere declared`);
      waiting.push(next);
    } else if (!seen.has(place)) {
      seen.set(place, statement);
      waiting.push(...neededBy(statement, path, module));
    }
  }
  const names = [...(modules.get(entry)?.exported.keys() ?? [])].sort();
  const statements = [...seen].sort(([one], [other]) => (one < other ? -1 : 1));
  return [`exports ${names.join(', ')}`, ...statements.map(([place, text]) => `// ${place}\n${text}`), ''].join('\n\n');
}

function neededBy(statement: string, path: string, { declared, imported }: Module): Place[] {
  const words = new Set(statement.match(/[\w$]+/g));
  return [...words].flatMap((word): Place[] => {
    const from = imported.get(word);
    if (from !== undefined) return [from];
    return declared.has(word) ? [`${path}#${word}`] : [];
  });
}

/** The compiler begins each statement, and ends each block, at the beginning of a line. */
function parse(path: string, text: string): Module {
  const declared = new Map<string, string>();
  const imported = new Map<string, Place>();
  const exported = new Map<string, Place>();
  const bare = text.replace(/\/\*.*?\*\/|^\/\/[^\n]*$/gms, '').replace(/^\s*\n/gm, '');
  for (const statement of bare.split(/^(?=[a-z])/m).map((each) => each.trimEnd())) {
    const [, kind, list = '', from] = /^(import|export)(?: type)? \{(.*?)\}(?: from '(.*?)')?;$/s.exec(statement) ?? [];
    if (kind === undefined) {
      const name = /^(?:export )?(?:declare )?(?:abstract )?(?:class|interface|type|const|function) ([\w$]+)/.exec(
        statement,
      )?.[1];
      if (name === undefined) continue;
      declared.set(name, [declared.get(name), statement].filter((each) => each !== undefined).join('\n'));
      if (statement.startsWith('export ')) exported.set(name, `${path}#${name}`);
      continue;
    }
    if (from !== undefined && !from.startsWith('.')) continue;
    const source = from === undefined ? path : posix.join(posix.dirname(path), from.replace(/\.js$/, '.d.ts'));
    for (const { inner, outer } of namesIn(list)) {
      if (kind === 'import') imported.set(outer, `${source}#${inner}`);
      else exported.set(outer, `${source}#${inner}`);
    }
  }
  return { declared, imported, exported };
}

/** `a, type B, c as d`: what each is called where it comes from, and here. */
function namesIn(list: string): { readonly inner: string; readonly outer: string }[] {
  const names = list.split(',').map((name) => name.trim().replace(/^type /, ''));
  return names.flatMap((name) => {
    const [inner = '', outer = inner] = name.split(' as ');
    return inner === '' ? [] : [{ inner, outer }];
  });
}

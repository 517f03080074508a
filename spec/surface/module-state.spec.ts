/** No module of lib holds what changes: two clients, and two copies of the package, share nothing but constants. */
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../lib/', import.meta.url));
const files = (await readdir(root, { recursive: true })).filter((name) => name.endsWith('.ts'));
const texts = await Promise.all(files.map((name) => readFile(`${root}${name}`, 'utf8')));

/** What is made by these can be changed later, unless its type says that it is only read. */
const CHANGEABLE =
  /^(?:Map|Set|WeakMap|WeakSet|Array|\w*Subject|AsyncLocalStorage|EventEmitter|AbortController|Canceller)$/;

/** The declarations at the top of a module, and the static fields of a class, that can hold what changes. */
function stateOf(text: string): string[] {
  const found: string[] = text.match(/^(?:export )?(?:let|var) .*/gm) ?? [];
  const fields: string[] = text.match(/^ {2}static (?!readonly|override|async|\w+\(|#\w+\().*/gm) ?? [];
  const constants = text.matchAll(
    /^(?:export )?const \w+(?<type>: [^=]+)? = (?:\/\* @__PURE__ \*\/ )?(?:new (?<made>\w+)|(?<empty>\[\]|\{\}))/gm,
  );
  for (const { 0: line, groups } of constants) {
    const { type = '', made = '', empty } = groups ?? {};
    const changeable = empty !== undefined || CHANGEABLE.test(made);
    if (changeable && !/^: (?:Readonly|readonly )/.test(type)) found.push(line);
  }
  return [...found, ...fields];
}

describe('the state of modules', () => {
  it.each([
    'let count = 0;',
    'export let count = 0;',
    'const seen = new WeakSet<object>();',
    'const cache: Map<string, string> = /* @__PURE__ */ new Map();',
    'const list: string[] = [];',
    'const events = new Subject<string>();',
    'class A {\n  static count = 0;\n}',
  ])('is seen: %s', (text) => {
    expect(stateOf(text)).toHaveLength(1);
  });

  it.each([
    "const WORDS: ReadonlySet<string> = new Set(['a']);",
    'function f() {\n  let count = 0;\n}',
    'class A {\n  static readonly kind = 1;\n  static of(): A {\n  }\n}',
  ])('is not: %s', (text) => {
    expect(stateOf(text)).toEqual([]);
  });

  it('is nowhere in lib', () => {
    expect(files.length).toBeGreaterThan(200);
    const states = texts.flatMap((text, at) => stateOf(text).map((line) => `${files[at]}: ${line}`));
    expect(states).toEqual([]);
  });
});

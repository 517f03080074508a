/** Each module of the lower layers has a spec at its own path, so that a fault in it is shown by its name. */
import { readdir, readFile } from 'node:fs/promises';
import { sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The files below `directory` whose names end so, without that end. */
async function pathsIn(directory: string, end: string): Promise<string[]> {
  const names = await readdir(`${root}${directory}`, { recursive: true });
  return names.filter((name) => name.endsWith(end)).map((name) => name.slice(0, -end.length).replaceAll(sep, '/'));
}

/** Whether anything of a module is left at run time: types alone need no spec. */
function hasCode(text: string): boolean {
  return /^(?:export )?(?:default |async |abstract )*(?:function|class|const|let|enum)\b|^export (?:\*|\{)/m.test(text);
}

/** The modules with code that have no spec at their own path. */
async function withoutSpec(layer: string): Promise<{ checked: number; missing: string[] }> {
  const specs = new Set(await pathsIn(`spec/${layer}`, '.spec.ts'));
  // An entry point is held by exports.spec.ts.
  const modules = (await pathsIn(`lib/${layer}`, '.ts')).filter((path) => path !== 'index');
  const texts = await Promise.all(modules.map((path) => readFile(`${root}lib/${layer}/${path}.ts`, 'utf8')));
  const checked = modules.filter((_path, index) => hasCode(texts[index] ?? ''));
  return { checked: checked.length, missing: checked.filter((path) => !specs.has(path)) };
}

describe('every module with code has a spec at its own path', () => {
  it.each(['control', 'data', 'net', 'proxy', 'testing'])('in %s', async (layer) => {
    const { checked, missing } = await withoutSpec(layer);
    expect(missing).toEqual([]);
    expect(checked).toBeGreaterThan(9);
  });
});

describe('a module', () => {
  it.each([
    'export const a = 1;',
    'async function f() {}',
    'export abstract class A {}',
    "export { a } from './a.js';",
  ])('has code: %s', (text) => {
    expect(hasCode(`import type { T } from './t.js';\n\n${text}\n`)).toBe(true);
  });

  it.each([
    'export interface A {}',
    "export type { A } from './a.js';",
    '/** const of class */',
    '  const inside = 1;',
  ])('has types alone: %s', (text) => {
    expect(hasCode(`import type { T } from './t.js';\n\n${text}\n`)).toBe(false);
  });
});

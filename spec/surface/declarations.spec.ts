/**
 * The types of every entry point, as the compiler emits them: a change here is a change for users, and belongs in the
 * CHANGELOG. `npx vitest run spec/surface/declarations.spec.ts -u` writes the files anew; read the difference.
 */
import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { emitDeclarations, visibleTypes } from './support/declarations.js';

let files: ReadonlyMap<string, string>;
let entries: readonly string[];

beforeAll(async () => {
  files = await emitDeclarations();
  const { exports } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
  const types = Object.values(exports).flatMap((entry) => (entry as { readonly types?: string }).types ?? []);
  entries = types.map((path) => path.replace('./dist/', ''));
});

const HAS_NO_OPTIONS = 'proxy/index.d.ts';

describe('the types that users see', () => {
  it.each([
    ['rxftp', 'index.d.ts'],
    ['rxftp/protocol', 'protocol/index.d.ts'],
    ['rxftp/proxy', 'proxy/index.d.ts'],
    ['rxftp/recipes', 'recipes/index.d.ts'],
    ['rxftp/sinks', 'sinks/index.d.ts'],
    ['rxftp/testing', 'testing/index.d.ts'],
  ])('of %s are these', async (name, entry) => {
    const snapshot = `./declarations/${name.replace('/', '-')}.txt`;
    await expect(visibleTypes(files, entry)).toMatchFileSnapshot(snapshot);
  });

  it('take undefined for every option that may be left out', () => {
    // For programs under exactOptionalPropertyTypes, which hand on what they may not have: a signal, say.
    const options = /^export interface \w*(?:Options|Limits)\b[^{]*\{[\s\S]*?^\}$/gm;
    for (const entry of entries.filter((each) => each !== HAS_NO_OPTIONS)) {
      const declared = (visibleTypes(files, entry).match(options) ?? []).join('\n');
      const optional = declared.match(/^ {4}readonly [\w$]+\?: (?:.*\{\n(?: {5,}.*\n)+ {4}\}.*|.*)$/gm) ?? [];
      expect(optional.length).toBeGreaterThan(2);
      expect(optional.filter((member) => !member.endsWith(' | undefined;'))).toEqual([]);
    }
  });

  it('are held here for every entry point', () => {
    expect(entries).toEqual([
      'index.d.ts',
      'protocol/index.d.ts',
      'proxy/index.d.ts',
      'recipes/index.d.ts',
      'sinks/index.d.ts',
      'testing/index.d.ts',
    ]);
  });

  it('show nothing of how the inside works', () => {
    for (const entry of entries) {
      const inner = visibleTypes(files, entry).match(/^\/\/ (control\/(?!events|session-state|min-rate)|data\/).*$/gm);
      expect(inner).toBeNull();
    }
  });
});

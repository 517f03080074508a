/**
 * Every option bag, every operator, and every function beside the client has a type spec in `spec/types`, with misuse. They are checked by `npm run types`: an
 * `@ts-expect-error` above what compiles is an error there.
 */
import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import * as main from '../../lib/index.js';
import * as proxy from '../../lib/proxy/index.js';
import * as recipes from '../../lib/recipes/index.js';
import * as sinks from '../../lib/sinks/index.js';
import * as testing from '../../lib/testing/index.js';

const types = new URL('../types/', import.meta.url);
const read = (url: URL): Promise<string> => readFile(url, 'utf8');

/** The public names of an entry point, types too: the first line of its declarations. */
async function publicNames(entry: string): Promise<string[]> {
  const [first = ''] = (await read(new URL(`declarations/${entry}.txt`, import.meta.url))).split('\n');
  return first.replace(/^exports /, '').split(', ');
}

async function specsIn(folder: string): Promise<Map<string, string>> {
  const names = await readdir(new URL(`${folder}/`, types));
  const texts = await Promise.all(names.map((name) => read(new URL(`${folder}/${name}`, types))));
  return new Map(names.map((name, at) => [name, texts[at] ?? '']));
}

/** `ToWebOptions` is in `to-web-options.ts`. */
const fileOf = (name: string): string => `${name.replace(/(?<=.)[A-Z]/g, '-$&').toLowerCase()}.ts`;

const operators = await specsIn('operators');
const options = await specsIn('options');
/** One file for each entry point. */
const functions = await specsIn('functions');

/** The entry points beside the main one. */
const OTHERS = { recipes, sinks, proxy, testing };

/** What the operators are; all other functions of the entry point are none. */
const NO_OPERATORS = [
  'FtpClient',
  'FtpSession',
  'Features',
  'connectSocket',
  'isFtpError',
  'netrcCredentials',
  'parseFtpUrl',
];

describe('a type spec', () => {
  it('is there for each operator', () => {
    const functions = Object.entries(main).filter(([, value]) => typeof value === 'function');
    const names = functions.map(([name]) => name).filter((name) => !/^Ftp\w*Error$|\$$/.test(name));
    const expected = names.filter((name) => !NO_OPERATORS.includes(name)).map(fileOf);
    expect([...operators.keys()].toSorted()).toEqual(expected.toSorted());
  });

  it.each([
    ['rxftp', 20],
    ['rxftp-recipes', 13],
    ['rxftp-sinks', 1],
    // Its functions take a URL and headers.
    ['rxftp-proxy', 0],
    ['rxftp-testing', 2],
  ])('is there for each option bag of %s', async (entry, least) => {
    const bags = (await publicNames(entry)).filter((name) => /(Options|Limits|MinRate)$/.test(name));
    expect(bags.length).toBeGreaterThanOrEqual(least);
    // Those of an operator are in the spec of that.
    const ofOperators = [...operators.values()].join('\n');
    const missing = bags.filter((name) => !options.has(fileOf(name)) && !new RegExp(`\\b${name}\\b`).test(ofOperators));
    expect(missing).toEqual([]);
  });

  it.each(Object.entries(OTHERS))('is there for each function of rxftp/%s', (entry, exported) => {
    const names = Object.entries(exported).flatMap(([name, value]) => (typeof value === 'function' ? [name] : []));
    const text = functions.get(`${entry}.ts`) ?? '';
    const missing = names.filter((name) => !/Error$/.test(name) && !text.includes(`${name}(`));
    expect(names.length).toBeGreaterThan(1);
    expect(missing).toEqual([]);
  });

  it.each([...operators, ...options, ...functions])('%s has what fits, and misuse with its reason', (_file, text) => {
    expect(text).toMatch(/expectTypeOf|export const good/);
    expect(text.match(/@ts-expect-error \w+/g)?.length).toBeGreaterThan(1);
  });
});

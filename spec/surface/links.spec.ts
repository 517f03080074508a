/** A link in a page that leads nowhere is worse than none: the files of the library are renamed, and their pages are not. */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const inRoot = (await readdir(root)).filter((name) => name.endsWith('.md'));
const inDocs = (await readdir(`${root}docs`)).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`);

interface Link {
  readonly text: string;
  readonly target: string;
}

/** The links and images in a page that lead to files, code left out. */
function linksOf(page: string): Link[] {
  const prose = page.replaceAll(/^```.*?^```$/gms, '').replaceAll(/`[^`\n]*`/g, '');
  const links = [...prose.matchAll(/\[([^\]]*)\]\(([^)\s]+)\)/g)].map(([, text = '', target = '']) => ({
    text,
    target,
  }));
  return links.filter(({ target }) => !/^[a-z]+:/.test(target));
}

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** Why a link of `page` is wrong; undefined where it leads to a file that it names, and to a heading that the file has. */
async function faultOf({ text, target }: Link, page: string): Promise<string | undefined> {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? `${root}${page}` : resolve(dirname(`${root}${page}`), path);
  if (!existsSync(file)) return `${target}: no such file`;
  if (text.endsWith('.ts') && !path.endsWith(text)) return `${target}: not the file ${text}`;
  if (anchor === undefined || !file.endsWith('.md')) return undefined;
  const anchors = anchorsOf(await readFile(file, 'utf8'));
  return anchors.includes(anchor) ? undefined : `${target}: no such heading`;
}

describe('every link of the pages', () => {
  it.each([...inRoot, ...inDocs])('leads to a file and a heading that exist: %s', async (page) => {
    const links = linksOf(await readFile(`${root}${page}`, 'utf8'));
    const faults = await Promise.all(links.map((link) => faultOf(link, page)));
    expect(faults.filter((fault) => fault !== undefined)).toEqual([]);
  });

  it('is looked for, and a wrong one is found', async () => {
    const page = 'docs/architecture.md';
    expect(linksOf(await readFile(`${root}${page}`, 'utf8')).length).toBeGreaterThan(100);
    const faults = ['../lib/no-such-file.ts', '../lib/errors.ts', 'abort.md#no-such-heading'].map((target) =>
      faultOf({ text: target.endsWith('.ts') ? 'index.ts' : 'a page', target }, page),
    );
    expect(await Promise.all(faults)).toEqual([
      '../lib/no-such-file.ts: no such file',
      '../lib/errors.ts: not the file index.ts',
      'abort.md#no-such-heading: no such heading',
    ]);
  });
});

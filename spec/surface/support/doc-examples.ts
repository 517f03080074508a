/**
 * The TypeScript in the docs, made compilable: blocks of the Markdown files stand for themselves; an `@example` is given
 * what it takes for granted, and no more than that.
 */
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

export interface DocExample {
  /** Where it stands, for messages. */
  readonly place: string;
  /** The name of the file it is to be checked as. */
  readonly file: string;
  readonly text: string;
}

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Names that examples may use without saying where they come from, by module. */
export type ModuleNames = Readonly<Record<string, readonly string[]>>;

/** The names in examples that come from no module. */
const globals: Readonly<Record<string, string>> = {
  ftp: "import('rxftp').FtpClient",
  plan: "import('rxftp/recipes').Plan",
  host: 'string',
  hash: "import('node:crypto').Hash",
  total: 'number',
  save: '(chunk: Uint8Array) => Promise<void>',
  insert: '(row: string) => Promise<void>',
  askForIt: '() => Promise<string>',
};

export async function docExamples(modules: ModuleNames): Promise<readonly DocExample[]> {
  const markdown = ['README.md', ...(await filesIn('docs', '.md'))];
  const sources = await filesIn('lib', '.ts');
  const found: DocExample[] = [];
  for (const place of markdown) {
    for (const text of blocks(await readFile(`${root}${place}`, 'utf8')))
      found.push(example(place, found.length, text));
  }
  for (const place of sources) {
    const comments = (await readFile(`${root}${place}`, 'utf8')).match(/\/\*\*.*?\*\//gs) ?? [];
    for (const comment of comments) {
      for (const text of blocks(comment.replace(/^[ \t]*\* ?/gm, ''))) {
        found.push(example(place, found.length, wrapped(text, modules)));
      }
    }
  }
  return found;
}

async function filesIn(folder: string, ending: string): Promise<string[]> {
  const names = await readdir(`${root}${folder}`, { recursive: true });
  return names
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => `${folder}/${name}`);
}

function blocks(text: string): string[] {
  return [...text.matchAll(/^```ts\n(.*?)^```/gms)].map(([, block = '']) => block);
}

function example(place: string, index: number, text: string): DocExample {
  return { place, file: `example-${index}.ts`, text };
}

/** A function around it, so that it may declare what it likes, and imports of what it uses. */
function wrapped(text: string, modules: ModuleNames): string {
  // Not a member's name; but three dots may come before.
  const isUsed = (name: string): boolean =>
    new RegExp(`(?<![\\w$]|(?<!\\.)\\.)${name.replace('$', '\\$')}(?![\\w$])`).test(text);
  const imported = new Set<string>();
  const imports = Object.entries(modules).flatMap(([module, names]) => {
    // Two modules may export the same.
    const used = names.filter((name) => isUsed(name) && !imported.has(name));
    for (const name of used) imported.add(name);
    return used.length === 0 ? [] : [`import { ${used.join(', ')} } from '${module}';`];
  });
  const declared = Object.entries(globals).flatMap(([name, type]) =>
    isUsed(name) ? [`declare const ${name}: ${type};`] : [],
  );
  return [...imports, ...declared, 'export async function example() {', text, '}', ''].join('\n');
}

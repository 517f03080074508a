/**
 * Counts two kinds of hard sentences in the pages and in the comments at the top of the files of `lib`. The first kind has more than 25
 * words. The second begins with a subject that names no actor, such as "What is sent ...". It fails if there are more than the numbers
 * it holds. `tsx .ci/long-sentences.ts --print` prints each of them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const MOST_WORDS = 25;
const NO_ACTOR = /^[*_"'([]*(?:What|Who|Whoever|Whose|Whatever|Those|Nobody|Somebody|Anybody)\b(?!.*\?["')*]*$)/i;
const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** The prose of a page: no code, no tables, no targets of links; each paragraph and each point of a list by itself. */
function paragraphsOfPage(text: string): string[] {
  return text
    .replaceAll(/^```.*?^```$/gms, '\n\n')
    .replaceAll(/^\s*\|.*$/gm, '')
    .replaceAll(/^#.*$/gm, '\n')
    .replaceAll(/^\s*(?:[-*]|\d+\.)\s/gm, '\n\n')
    .split(/\n\s*\n/);
}

/** The prose of the comment that a file begins with: its examples left out. */
function paragraphsOfHeader(text: string): string[] {
  const [, comment = ''] = /^\/\*\*(.*?)\*\//s.exec(text) ?? [];
  return paragraphsOfPage(comment.replaceAll(/^\s*\*? ?/gm, ''));
}

function sentencesOf(paragraph: string): string[] {
  return paragraph
    .replaceAll(/\]\([^)]*\)/g, ']')
    .replaceAll(/`[^`]*`/g, 'code')
    .replaceAll(/\s+/g, ' ')
    .split(/(?<=[.!?]["')*]{0,3})\s/);
}

function wordsOf(sentence: string): number {
  return sentence.split(/\s/).filter((word) => /\w/.test(word)).length;
}

function filesUnder(folder: string, ending: string): string[] {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith(ending)).map((name) => join(root, folder, name));
}

const pages = ['README.md', 'CHANGELOG.md', 'SECURITY.md', 'CONTRIBUTING.md'].map((name) => join(root, name));
const texts = [
  ...[...pages, ...filesUnder('docs', '.md')].map((file) => ({ file, paragraphs: paragraphsOfPage(read(file)) })),
  ...filesUnder('lib', '.ts').map((file) => ({ file, paragraphs: paragraphsOfHeader(read(file)) })),
];

function read(file: string): string {
  return readFileSync(file, 'utf8');
}

const sentences = texts.flatMap(({ file, paragraphs }) =>
  paragraphs.flatMap(sentencesOf).map((sentence) => ({ file: relative(root, file), sentence: sentence.trim() })),
);

hold(0, `of more than ${MOST_WORDS} words`, (sentence) => wordsOf(sentence) > MOST_WORDS);
hold(0, 'whose subject names no actor', (sentence) => NO_ACTOR.test(sentence));

/** `most` is only ever lowered. */
function hold(most: number, kind: string, isHard: (sentence: string) => boolean): void {
  const hard = sentences.filter(({ sentence }) => isHard(sentence));
  if (process.argv.includes('--print')) for (const { file, sentence } of hard) console.log(`${file}: ${sentence}\n`);
  console.log(`${hard.length} sentences ${kind}; at most ${most} are allowed`);
  if (hard.length > most) process.exitCode = 1;
}

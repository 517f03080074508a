/** docs/testing.md shows the program and the test in `pickup`, which are compiled and run with the other specs. */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';

const docs = await readFile(new URL('../../docs/testing.md', import.meta.url), 'utf8');

/** A file of `pickup` as a user of the package writes it. */
async function asInTheDocs(name: string): Promise<string> {
  const text = await readFile(new URL(`pickup/${name}`, import.meta.url), 'utf8');
  return text
    .replaceAll("'../../../lib/index.js'", "'rxftp'")
    .replaceAll("'../../../lib/testing/index.js'", "'rxftp/testing'");
}

describe('docs/testing.md', () => {
  it.each(['pickup.ts', 'pickup.spec.ts'])('shows %s as it is run here', async (name) => {
    expect(docs).toContain(`\`\`\`typescript\n${await asInTheDocs(name)}\`\`\``);
  });

  it('names every fault and every option', () => {
    const options = ['files', 'user', 'password', 'secure', 'listing', 'greeting', 'port'];
    for (const name of options) expect(docs).toContain(`| \`${name}\` |`);
    for (const fault of ['refuse', 'delayMs', 'cut', 'reset', 'stall', 'truncate'])
      expect(docs).toContain(`{ ${fault}: `);
  });
});

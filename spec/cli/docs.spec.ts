/** docs/cli.md is what the command says of itself. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { cliDocs } from '../../.ci/build/cli-help.js';
import { ALL_COMMANDS, SHARED_OPTIONS } from '../../lib/cli/commands/all-commands.js';

describe('docs/cli.md', () => {
  it('is made from the help: npm run cli-docs', async () => {
    const written = await readFile(fileURLToPath(new URL('../../docs/cli.md', import.meta.url)), 'utf8');
    expect(written).toBe(cliDocs());
  });
});

describe('the descriptions', () => {
  it.each(
    ALL_COMMANDS.map((command) => [command.name, command] as const),
  )('of %s are short, with two examples of it', (name, command) => {
    expect(command.about).toMatch(/^[A-Z].*\.$/);
    for (const { line, about } of command.examples) {
      expect(line).toContain(`rxftp ${name}`);
      expect(about).not.toBe('');
    }
  });

  it('have no option twice', () => {
    for (const { name, options = [] } of ALL_COMMANDS) {
      const names = [...options, ...SHARED_OPTIONS].flatMap(({ flags }) => flags.match(/(?<=^|[ ,])--?[\w-]+/g) ?? []);
      const twice = names.filter((each, at) => names.indexOf(each) !== at);
      expect(twice, name).toEqual([]);
    }
  });
});

/** Completion: what `rxftp complete` offers, and what bash, zsh and fish make of it. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { installedOnce } from './support/command.js';

const installed = installedOnce();

describe('completion', () => {
  it.each([
    [['l'], 'ls\tList directories.\n:4\n'],
    [['get', 'ftp://h/', '--ex'], /^--exists\t/],
    [['get', '--exists', 'n'], 'newer\t\n:4\n'],
    [['ls', '--js'], /^--json\t/],
  ] as const)('offers for %j', async (words, offer) => {
    const { stdout, status } = await installed().run(['complete', '--', ...words]);
    expect(status).toBe(0);
    if (typeof offer === 'string') expect(stdout).toBe(offer);
    else expect(stdout).toMatch(offer);
  });

  it('offers local files', async () => {
    await installed().write('upload-me.txt', '');
    expect((await installed().run(['complete', '--', 'put', 'upload'])).stdout).toBe('upload-me.txt\t\n:4\n');
  });

  it.each(['bash', 'zsh', 'fish'])('has a script for %s', async (shell) => {
    const { stdout, status } = await installed().run(['completion', shell]);
    expect(status).toBe(0);
    expect(stdout).toContain('rxftp complete --');
  });
});

/** Runs a program of that shell, in which `rxftp` is on the PATH and its completion is in the file `completion`. */
async function inShell(shell: string, args: readonly string[]): Promise<string> {
  await installed().write('completion', (await installed().run(['completion', shell])).stdout);
  const { PATH = '', ...environment } = installed().environment({ TERM: 'dumb' });
  const env = { ...environment, PATH: [dirname(installed().path), PATH].join(delimiter) };
  const options = { cwd: installed().directory, env, timeout: 15_000 };
  return (await promisify(execFile)(shell, args, options)).stdout;
}

/** The words are its arguments. It calls the function that is registered: complete -F name rxftp. */
const BASH = `
source ./completion
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
registered=($(complete -p rxftp))
\${registered[2]} rxftp
printf '%s\\n' "\${COMPREPLY[@]}"
`;

/** What bash offers in place of the last word. */
function offersOfBash(...words: readonly string[]): Promise<string> {
  return inShell('bash', ['--norc', '-c', BASH, 'bash', ...words]);
}

/** A terminal in which a person types, and presses the tabulator. */
const ZSH = `
zmodload zsh/zpty
zpty terminal zsh -f -i
zpty -w terminal 'autoload -Uz compinit && compinit -u -D && source ./completion && PS1="rea""dy> "'
zpty -r terminal shown '*ready> *'
zpty -n -w terminal $'rxftp get --li\\t'
zpty -r terminal shown '*rate*'
print -r -- "$shown"
zpty -d terminal
`;

/** .ci/install-servers brings all three. */
function isMissing(shell: string): boolean {
  return process.env.CI === undefined && !['/bin', '/usr/bin'].some((path) => existsSync(join(path, shell)));
}

describe.skipIf(process.platform === 'win32')('in a shell, rxftp get --li is completed to --limit-rate', () => {
  it('by bash', async () => {
    expect(await offersOfBash('rxftp', 'get', '--li')).toBe('--limit-rate\n');
  });

  it.skipIf(isMissing('zsh'))('by zsh', async () => {
    expect(await inShell('zsh', ['-f', '-c', ZSH])).toContain('rxftp get --limit-rate');
  });

  it.skipIf(isMissing('fish'))('by fish', async () => {
    const program = 'source ./completion; complete -C "rxftp get --li"';
    expect(await inShell('fish', ['--no-config', '-c', program])).toMatch(/^--limit-rate\t.*\n$/);
  });
});

describe.skipIf(process.platform === 'win32')('bash', () => {
  it('evaluates nothing that was typed', async () => {
    const typed = ['$(touch evaluated)', "'ftp://h/a;touch", 'evaluated', '`touch evaluated`'];
    expect(await offersOfBash('rxftp', 'get', ...typed, '--li')).toBe('--limit-rate\n');
    expect(await readdir(installed().directory)).not.toContain('evaluated');
  });

  it('gets local files as words', async () => {
    await installed().write('for you.txt', '');
    expect(await offersOfBash('rxftp', 'put', 'for')).toBe('for\\ you.txt\n');
  });
});

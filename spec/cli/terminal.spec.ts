/** Colours, columns and progress: for a terminal, and for none. `script` of util-linux makes the terminal. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type TestServer, testServer } from '../../lib/testing/index.js';
import { endAfterEach } from '../support/endings.js';
import { installedOnce } from './support/command.js';

const installed = installedOnce();
const endLater = endAfterEach();

const ESCAPE = '\u001b';

async function start(): Promise<TestServer> {
  const files = { '/d/': '', '/a.txt': 'content', '/big.bin': new Uint8Array(1024 * 1024), '/evil\u001b[31m.txt': '' };
  const server = await testServer({ files });
  endLater(() => server[Symbol.asyncDispose]());
  return server;
}

/** What a terminal of 80 columns gets. */
async function onTerminal(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  const line = [installed().path, ...args].map((each) => `'${each}'`).join(' ');
  const env = installed().environment({ TERM: 'xterm', COLUMNS: '80', ...environment });
  const options = { cwd: installed().directory, env };
  const { stdout } = await promisify(execFile)('script', ['-qec', line, '/dev/null'], options);
  return stdout;
}

describe.skipIf(process.platform !== 'linux')('on a terminal', () => {
  it('directories are coloured, unless NO_COLOR is set', async () => {
    const { url } = await start();
    expect(await onTerminal(['ls', url])).toContain(`${ESCAPE}[34md${ESCAPE}[39m`);
    const plain = await onTerminal(['ls', url], { NO_COLOR: '1' });
    expect(plain).not.toContain(ESCAPE);
    expect(plain).toMatch(/^drwx\S+ +- .* d\/\r$/m);
  });

  it('a transfer has a bar, with rate and time left, which is taken away at its end', async () => {
    const { url } = await start();
    const shown = await onTerminal(['get', `${url}big.bin`, '--limit-rate', '1M']);
    expect(shown).toMatch(/big\.bin \[=+-+\] \d+% {2}\d[\d.]* [KM]iB of 1 MiB {2}\d[\d.]* [KM]iB\/s {2}\d+s left/);
    expect(shown).toMatch(/big\.bin -> big\.bin: 1 MiB in \d+s, verified by size\r\n/);
    // The bar is gone before that line, which is the last one.
    expect(shown.lastIndexOf('[===')).toBeLessThan(shown.lastIndexOf('big.bin -> big.bin'));
    // The cursor is shown again.
    expect(shown.lastIndexOf(`${ESCAPE}[?25h`)).toBeGreaterThan(shown.lastIndexOf(`${ESCAPE}[?25l`));
  });

  it('there is no bar with --quiet or --json', async () => {
    const { url } = await start();
    expect(await onTerminal(['get', `${url}big.bin`, '--quiet'])).toBe('');
    expect(await onTerminal(['get', `${url}big.bin`, '--json'])).toMatch(/^\{.*\}\r\n$/);
  });
});

describe('without a terminal', () => {
  it('there are no colours and no bar', async () => {
    const { url } = await start();
    const { stdout } = await installed().run(['ls', url]);
    expect(stdout).not.toContain(ESCAPE);
    const { stderr } = await installed().run(['get', `${url}big.bin`]);
    expect(stderr).toMatch(/^big\.bin -> big\.bin: 1 MiB in \d+s, verified by size\n$/);
  });

  it('a name steers no terminal', async () => {
    const { url } = await start();
    expect((await installed().run(['ls', url])).stdout).toContain('evil\\x1b[31m.txt');
    const { stdout } = await installed().run(['ls', url, '--json']);
    const names = stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { readonly name: string }).name);
    expect(names).toContain('evil\u001b[31m.txt');
  });
});

describe('help', () => {
  it('is the same whether asked by help or --help, and says where to go on', async () => {
    const [asked, option] = await Promise.all([installed().run(['help', 'get']), installed().run(['get', '--help'])]);
    expect(asked).toEqual(option);
    expect(asked).toMatchObject({ status: 0, stderr: '' });
    expect(asked.stdout.match(/^ {2}rxftp get /gm)).toHaveLength(2);
  });

  it('has the version of the package', async () => {
    expect((await installed().run(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

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

  it('has a script that bash understands', async () => {
    const { stdout } = await installed().run(['completion', 'bash']);
    await installed().write('completion.bash', stdout);
    const { stderr } = await promisify(execFile)('bash', ['-n', installed().file('completion.bash')]);
    expect(stderr).toBe('');
  });
});

/** Colours, columns and progress: for a terminal, and for none. `script` of util-linux makes the terminal. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify, stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type TestServer, testServer } from '../../lib/testing/index.js';
import { endAfterEach } from '../support/endings.js';
import { installedOnce } from './support/command.js';

const installed = installedOnce();
const endLater = endAfterEach();

const PASSWORD = 'typed-canary';
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

describe.skipIf(process.platform !== 'linux')('a password', () => {
  /** Types `answer` at the prompt; resolves with the exit status, and all that the terminal has shown. */
  async function answering(answer: string): Promise<{ readonly status: unknown; readonly shown: string }> {
    const server = await testServer({ files: { '/a.txt': 'content' }, user: 'me', password: PASSWORD });
    endLater(() => server[Symbol.asyncDispose]());
    const line = `'${installed().path}' cat 'ftp://me@127.0.0.1:${server.options.port}/a.txt'`;
    const env = installed().environment({ TERM: 'xterm' });
    const child = spawn('script', ['-qec', line, '/dev/null'], { cwd: installed().directory, env });
    let shown = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const isAsked = /Password of me at 127\.0\.0\.1: /;
      if (!isAsked.test(shown) && isAsked.test(shown + text)) child.stdin.write(answer);
      shown += text;
    });
    const [status] = (await once(child, 'close')) as [unknown];
    return { status, shown: stripVTControlCharacters(shown) };
  }

  it('that is typed logs in, and is not shown', async () => {
    const { status, shown } = await answering(`${PASSWORD}\r`);
    expect(status).toBe(0);
    expect(shown).toMatch(/^Password of me at 127\.0\.0\.1: \s*content$/);
    expect(shown).not.toContain(PASSWORD);
  });

  it('that is wrong is exit status 4, and is not shown', async () => {
    const { status, shown } = await answering('another\r');
    expect(status).toBe(4);
    expect(shown).toMatch(/rxftp: .*530/);
    expect(shown).not.toContain('another');
  });

  it('is not waited for after Ctrl-C', async () => {
    const { status, shown } = await answering('\u0003');
    expect(status).toBe(130);
    expect(shown).toMatch(/rxftp: Interrupted\.\r\n$/);
  });

  it('that Ctrl-D refuses is exit status 4, in one line', async () => {
    const { status, shown } = await answering('\u0004');
    expect(status).toBe(4);
    expect(shown).toMatch(/rxftp: No password was given\.\r\n$/);
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

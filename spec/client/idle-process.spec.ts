import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { scriptedServer } from '../support/scripted-server.js';
import { dropNext } from './support/failing-logins.js';

const script = fileURLToPath(new URL('fixtures/idle-client.ts', import.meta.url));

/** Runs the fixture and gives its output and its exit code. */
async function run(...args: readonly string[]): Promise<{ readonly output: string; readonly code: unknown }> {
  const child = spawn(process.execPath, ['--import', 'tsx', script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (text) => {
    output += String(text);
  });
  const [code] = await once(child, 'close');
  return { output, code };
}

describe('the process of a client', () => {
  it.each([
    ['0', '0'],
    ['1000000', '1000000'],
  ])('ends though idle sessions are open, with keepAliveMs %s and idleTimeoutMs %s', async (keepAliveMs, idleTimeoutMs) => {
    await using server = await scriptedServer();
    expect(await run(server.host, String(server.port), 'idle', keepAliveMs, '0', idleTimeoutMs)).toEqual({
      output: 'idle\n',
      code: 0,
    });
    expect(server.commands).not.toContain('QUIT');
  });

  it('does not end while an operation waits for the next login', async () => {
    await using server = await scriptedServer();
    dropNext(server, 2);
    expect(await run(server.host, String(server.port), 'busy', '0', '50')).toEqual({ output: '214\n', code: 0 });
    expect(server.sessions).toHaveLength(3);
  });

  it('does not end while an operation waits for its repetition', async () => {
    await using server = await scriptedServer();
    server.answer('HELP', '214 Help.').once('HELP', (session) => session.reply('450 Busy.'));
    expect(await run(server.host, String(server.port), 'busy', '0', '50')).toEqual({ output: '214\n', code: 0 });
    expect(server.sessions).toHaveLength(1);
  });

  it('ends after a failed connection when nothing waits', async () => {
    await using server = await scriptedServer();
    dropNext(server, 1);
    expect(await run(server.host, String(server.port), 'busy')).toEqual({ output: 'ERR_FTP_CONNECTION\n', code: 0 });
  });

  it('does not end while an operation is under way', async () => {
    await using server = await scriptedServer();
    server.on('HELP', async (session) => {
      // A few turns in which only the open socket keeps the client alive.
      for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      await session.reply('214 Help.');
    });
    expect(await run(server.host, String(server.port), 'busy')).toEqual({ output: '214\n', code: 0 });
  });
});

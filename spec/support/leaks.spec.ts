import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

interface Verdict {
  readonly title: string;
  readonly status: 'passed' | 'failed';
  readonly failureMessages: readonly string[];
}

const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));
const fixtures = fileURLToPath(new URL('./fixtures/', import.meta.url));

/** Runs the fixture specs in a process of their own and returns what became of each. */
async function verdicts(): Promise<Verdict[]> {
  const child = spawn(process.execPath, [vitest, 'run', '--config', 'vitest.config.ts', '--reporter=json'], {
    cwd: fixtures,
    env: { ...process.env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let output = '';
  for await (const chunk of child.stdout) output += String(chunk);
  const report = JSON.parse(output.slice(output.indexOf('{"'))) as { testResults: { assertionResults: Verdict[] }[] };
  return report.testResults.flatMap(({ assertionResults }) => assertionResults);
}

describe('the harness', () => {
  it('passes what is clean, and names what was left in everything else', { timeout: 60_000 }, async () => {
    const all = await verdicts();
    expect(all.length).toBeGreaterThan(10);
    for (const { title, status, failureMessages } of all) {
      expect(status, title).toBe(title.startsWith('passes') ? 'passed' : 'failed');
      expect(failureMessages.join('\n')).toContain(title.startsWith('passes') ? '' : title.replace(/ \(.*\)$/, ''));
    }
  });
});

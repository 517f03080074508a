/** How long `rxftp --help` takes, as a shell's user waits for it, next to Node alone. */
import { join } from 'node:path';
import { runCommand } from '../lab/run-command.js';
import { inCheckout, type Workshop } from '../lab/workshop.js';
import { spreadOf } from '../measure/statistics.js';
import { markdownTable } from '../report/markdown.js';

const ROUNDS = 25;
const MOST_TIMES_NODE = 1.5;

export async function commandSection(workshop: Workshop): Promise<string> {
  const tsx = inCheckout('node_modules/tsx/dist/cli.mjs');
  // The command reads package.json two directories above.
  const dist = join(workshop.directory, 'package', 'dist');
  await runCommand(process.execPath, tsx, inCheckout('.ci/build/bundle-cli.ts'), dist);
  const contenders: Readonly<Record<string, readonly string[]>> = {
    'node -e 0': ['-e', '0'],
    'rxftp --help': [join(dist, 'cli/rxftp.js'), '--help'],
    'rxftp get --help': [join(dist, 'cli/rxftp.js'), 'get', '--help'],
  };
  const times = new Map<string, number[]>(Object.keys(contenders).map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, args] of Object.entries(contenders)) {
      const from = performance.now();
      await runCommand(process.execPath, ...args);
      times.get(name)?.push(performance.now() - from);
    }
  }
  const node = spreadOf(times.get('node -e 0') ?? []).median;
  const rows = [...times].map(([name, each]) => {
    const { median, min, max } = spreadOf(each);
    const ratio = median / node;
    return [
      name,
      median.toFixed(1),
      `${min.toFixed(1)}..${max.toFixed(1)}`,
      `${ratio.toFixed(2)}x`,
      goalText(name, ratio),
    ];
  });
  return [
    `### start of the command, ${ROUNDS} rounds`,
    markdownTable(['what', 'ms (median)', 'min..max', 'x node -e 0', `under ${MOST_TIMES_NODE}x`], rows),
  ].join('\n\n');
}

function goalText(name: string, ratio: number): string {
  if (name === 'node -e 0') return '';
  return ratio < MOST_TIMES_NODE ? 'yes' : 'no';
}

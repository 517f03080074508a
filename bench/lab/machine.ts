/** The machine in the words of a report. */
import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem, type } from 'node:os';

export function describeMachine(): string {
  const cores = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const model = cores[0]?.model.trim() ?? 'unknown CPU';
  return [
    `${cores.length} cores (${model}), ${memory} GiB`,
    `${type()} ${release()}`,
    `Node ${process.versions.node}, V8 ${process.versions.v8}`,
  ].join('; ');
}

/** How many programs want the processors, averaged over a minute: above 1 or so, quote nothing. */
export const loadNow = (): string => loadavg()[0]?.toFixed(2) ?? 'unknown';

/** The version of an installed package, as npm resolved it. */
export function packageVersion(packageJson: string): string {
  const { version } = JSON.parse(readFileSync(packageJson, 'utf8')) as { readonly version: string };
  return version;
}

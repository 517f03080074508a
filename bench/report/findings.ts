/** Writes the results of scenarios as Markdown: a table of contenders for each, and one of all goals. */
import type { Standing } from '../measure/standing.js';
import type { Finding } from '../scenarios/run-scenario.js';
import type { Size, Unit } from '../scenarios/scenario.js';
import { markdownTable } from './markdown.js';

/** The one that ratios are about. */
const yardstick = 'basic-ftp';

export function findingSection(finding: Finding): string {
  const { scenario, size, standings } = finding;
  const against = standings.find(({ label }) => label === yardstick);
  const head = ['contender', `${scenario.unit.name} (median)`, 'min..max', 'CPU s', 'peak RSS MB'];
  const rows = standings.map((standing) => [
    ...contenderCells(standing, scenario.unit),
    ...(against === undefined ? [] : [ratio(against.figure.median, standing.figure.median)]),
    ...(against === undefined || differs(size) ? [] : [ratio(against.cpu, standing.cpu)]),
    `${standing.runs - standing.failures.length}/${standing.runs}`,
  ]);
  const comparison = against === undefined ? [] : [`x ${yardstick}`, ...(differs(size) ? [] : [`x ${yardstick}, CPU`])];
  return [
    `### ${titleOf(finding)}`,
    markdownTable([...head, ...comparison, 'ok'], rows),
    ...standings.flatMap(({ label, failures }) => firstFailure(label, failures)),
  ].join('\n\n');
}

export function verdictSection(findings: readonly Finding[]): string {
  const rows = findings.flatMap((finding) =>
    finding.verdicts.map(({ goal, measured, reached }) => [
      titleOf(finding),
      goal,
      measured ?? 'not measured',
      measured === undefined ? '' : reached ? 'yes' : '**no**',
    ]),
  );
  if (rows.length === 0) return 'Nothing of this is held against a goal.';
  return markdownTable(['work', 'to reach', 'measured', 'reached'], rows);
}

const titleOf = ({ scenario, size, server }: Finding): string =>
  [scenario.title, amountOf(size), ...(server === undefined ? [] : [server])].join(', ');

function amountOf({ bytes, count, lockStep }: Size): string {
  const number = count.toLocaleString('en');
  if (bytes === 0) return `${number} entries`;
  if (bytes >= 2 ** 20) return `${bytes / 2 ** 20} MiB`;
  const fewer = lockStep === undefined ? '' : ` (${lockStep} for those in lock-step)`;
  return `${number} of ${bytes / 2 ** 10} KiB${fewer}`;
}

/** Not all do the same amount, so that the CPU time of a run says nothing about another's. */
const differs = ({ lockStep }: Size): boolean => lockStep !== undefined;

function contenderCells({ label, figure, cpu, peakMB }: Standing, { digits }: Unit): readonly string[] {
  if (Number.isNaN(figure.median)) return [label, '-', '-', '-', '-'];
  const fixed = (value: number): string => value.toFixed(digits);
  return [label, fixed(figure.median), `${fixed(figure.min)}..${fixed(figure.max)}`, cpu.toFixed(3), peakMB.toFixed(0)];
}

/** How many times as much the yardstick takes. */
const ratio = (yard: number, own: number): string => (Number.isNaN(yard / own) ? '-' : `${(yard / own).toFixed(2)}x`);

/** What the error says, where there is one: before it are the command and a place in the code, and behind it the stack. */
function essenceOf(failure: string): string {
  const [said = ''] = (/^\w*Error\b.*/ms.exec(failure)?.[0] ?? failure).split(/\n\s+at /);
  return said;
}

function firstFailure(label: string, failures: readonly string[]): readonly string[] {
  const [first] = failures;
  return first === undefined ? [] : [`${label} failed: \`${essenceOf(first).replaceAll(/\s+/g, ' ').slice(0, 400)}\``];
}

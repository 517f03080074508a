/** `rxftp mirror` plans the steps that make one tree equal to another, and does them. */
import { readFile, writeFile } from 'node:fs/promises';
import { concatMap, defer, forkJoin, map, type Observable, of, tap } from 'rxjs';
import {
  type ApplyOptions,
  apply$,
  mirror$,
  type Place,
  type Plan,
  type PlanOptions,
  plan$,
} from '../../recipes/index.js';
import { wrongUsage } from '../session/command-error.js';
import type { Context, Options, OptionValue } from '../session/context.js';
import { anyPlace$, isUrl } from './any-place.js';
import { countOption } from './count-option.js';
import { rateOf } from './rate.js';
import { StepReport } from './step-report.js';

export function run(context: Context): Observable<unknown> {
  const { args, options, output } = context;
  const [from = '', to = ''] = args;
  const { plan: planFile, apply: applyFile } = options;
  if (planFile !== undefined && applyFile !== undefined)
    throw wrongUsage('The options --plan and --apply exclude each other.');
  if (applyFile !== undefined) refusePlanning(options);
  if (![from, to].some(isUrl)) throw wrongUsage('One of the two has to be a URL: ftp://, ftpes:// or ftps://.');
  const planning = planOptions(options);
  const applying = applyOptions(options);
  const report = new StepReport(output);
  return forkJoin([anyPlace$(context, from), anyPlace$(context, to)]).pipe(
    concatMap(([source, target]) => {
      if (typeof applyFile === 'string') return report.of(applied$(applyFile, source, target, applying));
      if (planFile === undefined && options.dryRun !== true)
        return report.of(mirror$(source, target, { ...planning, ...applying }));
      return plan$(source, target, planning).pipe(
        tap((plan) => report.plan(plan)),
        concatMap((plan) => written$(plan, planFile)),
      );
    }),
  );
}

/** Options that choose the steps, or leave them undone. Their names in `Options`, and as the user writes them. */
const OF_PLANS: Readonly<Record<string, string>> = {
  dryRun: '--dry-run',
  delete: '--delete',
  maxDelete: '--max-delete',
  include: '--include',
  exclude: '--exclude',
  ignoreFile: '--ignore-file',
  compare: '--compare',
  followLinks: '--follow-links',
};

/** The steps of a file are chosen already. A user who limits them here must not believe that the limit holds. */
function refusePlanning(options: Options): void {
  const given = Object.entries(OF_PLANS).find(([name]) => options[name] !== undefined);
  if (given === undefined) return;
  throw wrongUsage(`The options --apply and ${given[1]} exclude each other: the file has the steps already.`);
}

/** The recipe checks the plan: a file can be written by others. */
function applied$(file: string, from: Place, to: Place, options: ApplyOptions): ReturnType<typeof mirror$> {
  const plan$ = defer(() => readFile(file, 'utf8')).pipe(map((text) => parsed(text, file)));
  return plan$.pipe(concatMap((plan) => apply$(plan, from, to, options)));
}

function parsed(text: string, file: string): Plan {
  try {
    return JSON.parse(text) as Plan;
  } catch {
    throw wrongUsage(`The file of --apply is not JSON: ${file}`);
  }
}

function written$(plan: Plan, file: OptionValue): Observable<unknown> {
  return typeof file === 'string' ? defer(() => writeFile(file, `${JSON.stringify(plan)}\n`)) : of(undefined);
}

function planOptions(options: Options): PlanOptions {
  const { compare, ignoreFile, include, exclude, followLinks } = options;
  return {
    delete: options.delete === true,
    maxDelete: countOption('--max-delete', options.maxDelete),
    links: followLinks === true ? 'follow' : 'skip',
    // commander has checked the choices.
    compare: compare as PlanOptions['compare'],
    ignoreFile: typeof ignoreFile === 'string' ? ignoreFile : undefined,
    include: Array.isArray(include) ? include : undefined,
    exclude: Array.isArray(exclude) ? exclude : undefined,
  };
}

function applyOptions(options: Options): ApplyOptions {
  return {
    concurrency: countOption('--sessions', options.sessions),
    onError: options.continue === true ? 'continue' : 'stop',
    bytesPerSecond: rateOf(options.limitRate),
    atomic: options.inPlace !== true,
  };
}

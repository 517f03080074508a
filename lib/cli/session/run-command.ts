/**
 * Runs a subcommand's work: from its context to the exit status.
 *
 * Ctrl-C unsubscribes from the work, and so does the end of the reader of stdout. Then the command closes its sessions in order. It
 * aborts a transfer on the server, and removes a partial file. A second Ctrl-C does not wait for that.
 */
import { defer, type Observable, Subject, takeUntil } from 'rxjs';
import type { Run } from '../command.js';
import { Output } from '../screen/output.js';
import { interrupted } from './command-error.js';
import { Connections } from './connections.js';
import type { Context, Options } from './context.js';
import { EXIT, type ExitStatus } from './exit.js';
import { exitStatusOf } from './exit-status.js';
import { errorValue, explain } from './explain.js';
import { promptOnTerminal } from './prompt.js';

export interface Invocation {
  readonly run: Run;
  readonly args: readonly string[];
  readonly options: Options;
}

/** Why the work was left before its end. */
type Stop = 'interrupted' | 'stdout closed';

/** Resolves when everything is closed. */
export async function runCommand({ run, args, options }: Invocation): Promise<ExitStatus> {
  const { stdout, stderr, env } = process;
  const flags = { json: options.json === true, quiet: options.quiet === true };
  const output = new Output({ stdout, stderr, environment: env }, flags);
  const connections = new Connections(options, output, promptOnTerminal());
  const last: Promise<unknown>[] = [];
  const context: Context = {
    args,
    options,
    output,
    place$: (url) => defer(() => connections.open(url)),
    beforeClose: (work) => void last.push(work),
    login$: (url) => defer(() => connections.login(url)),
  };
  const stops = listenForStops();
  const ending = await outcomeOf(
    defer(() => run(context)),
    stops.stop$,
  );
  await Promise.all(last);
  await connections.close(ending !== DONE);
  await output.flushed();
  stops.forget();
  const { stop, error = stop === 'interrupted' ? interrupted() : stops.writeError() } = ending;
  return error === undefined ? EXIT.done : report(error, output.json);
}

/** Tells the error on stderr: one line. */
export function report(error: unknown, json: boolean): ExitStatus {
  const status = exitStatusOf(error);
  const line = json ? JSON.stringify(errorValue(error, status)) : `rxftp: ${explain(error)}`;
  process.stderr.write(`${line}\n`);
  return status;
}

/** `stop`: the work was left before its end. */
interface Ending {
  readonly stop?: Stop;
  readonly error?: unknown;
}

const DONE: Ending = Object.freeze({});

function outcomeOf(work$: Observable<unknown>, stop$: Observable<Ending>): Promise<Ending> {
  return new Promise((resolve) => {
    stop$.subscribe(resolve);
    work$.pipe(takeUntil(stop$)).subscribe({
      error: (error: unknown) => resolve({ error }),
      complete: () => resolve(DONE),
    });
  });
}

interface Stops {
  readonly stop$: Observable<Ending>;
  /** Why the results could not be written, also where that came after the work's end. */
  readonly writeError: () => unknown;
  readonly forget: () => void;
}

function listenForStops(): Stops {
  let writeError: unknown;
  const stops = new Subject<Ending>();
  let isStopped = false;
  const stop = (ending: Ending): void => {
    isStopped = true;
    stops.next(ending);
  };
  const onSignal = (): void => {
    if (isStopped) process.exit(EXIT.interrupted);
    stop({ stop: 'interrupted' });
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  // A reader that has enough, such as `head`, is no error; a full disk is.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return stop({ stop: 'stdout closed' });
    writeError = error;
    stop({ error });
  });
  return {
    stop$: stops,
    writeError: () => writeError,
    forget: () => void process.off('SIGINT', onSignal).off('SIGTERM', onSignal),
  };
}

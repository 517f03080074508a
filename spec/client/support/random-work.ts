/** Makes random operations, whose consumers and sources may wait, or ask for more. */
import { concatMap, defer, from, ignoreElements, type Observable, take, tap } from 'rxjs';
import { type FtpClient, paced } from '../../../lib/index.js';
import type { Random } from '../../support/random.js';

/** What waits until the program lets it go on. */
export class Latches {
  #waiting: (() => void)[] = [];

  get any(): boolean {
    return this.#waiting.length > 0;
  }

  readonly wait = (): Promise<void> => new Promise((resolve) => this.#waiting.push(resolve));

  openOne(random: Random): void {
    this.#waiting.splice(random.below(this.#waiting.length), 1)[0]?.();
  }

  openAll(): void {
    for (const open of this.#waiting.splice(0)) open();
  }
}

/** How random operations are made. */
export interface WorkTerms {
  readonly ftp: FtpClient;
  readonly random: Random;
  /** Consumers, and sources of uploads, that take their time. */
  readonly consumers: Latches;
  /** Asks for more in the middle of other work. */
  readonly again: () => void;
}

/** Its consumer, or its source, may take its time as long as no other work waits. */
export function isHeld(name: string): boolean {
  return name.startsWith('held') || name === 'iterated';
}

/** An operation and its name. */
export function randomWork(terms: WorkTerms): [string, Observable<unknown>] {
  const { ftp, random, consumers, again } = terms;
  const big = random.chance(0.5) ? '/a' : '/b';
  const choices: [[string, Observable<unknown>], ...[string, Observable<unknown>][]] = [
    ['retr', ftp.retr$(big)],
    ['first chunk', ftp.retr$('/b').pipe(take(1))],
    ['held retr', ftp.retr$('/b').pipe(paced(() => consumers.wait()))],
    ['held list', ftp.entries$('/d').pipe(paced(() => consumers.wait()))],
    ['retr of each', ftp.entries$('/d').pipe(paced(({ name }) => ftp.retr$(`/d/${name}`)))],
    ['retr in retr', ftp.retr$('/a').pipe(paced(() => ftp.retr$('/b')))],
    ['iterated', from(iterated(terms, big)).pipe(ignoreElements())],
    ['list', ftp.entries$('/d')],
    ['size', ftp.size$('/b')],
    ['sizes', from(['/a', '/b', '/none']).pipe(concatMap((path) => ftp.size$(path)))],
    ['cwd', ftp.cwd$(random.pick(['/d', '/', '/none']))],
    ['type', ftp.type$(random.pick(['A', 'I', 'X']))],
    ['stor', ftp.stor$('/up', Buffer.alloc(random.pick([0, 10, 200_000])))],
    ['held stor', ftp.stor$('/up', slowSource(consumers))],
    [
      'failing stor',
      ftp.stor$(
        '/up',
        defer(() => Promise.reject(new Error('no source'))),
        { deletePartial: true },
      ),
    ],
    ['copy', ftp.stor$('/copy', ftp.retr$(big))],
    ['rename', ftp.rename$(random.pick(['/up', '/none']), '/up2')],
    ['dele', ftp.dele$(random.pick(['/up2', '/none']))],
    ['sequence', ftp.sequence$((commands) => commands.send$('NOOP').pipe(concatMap(() => commands.send$('PWD'))))],
    ['site', ftp.site$('WAIT')],
    ['abor', ftp.abor$()],
    ['more at next', ftp.size$('/a').pipe(tap({ next: again }))],
    ['more at a chunk', ftp.retr$(big).pipe(tap({ next: again }))],
    ['more at the end', ftp.retr$('/a').pipe(tap({ complete: again, error: again }))],
    ['more at the error', ftp.retr$('/none').pipe(tap({ error: again }))],
    ['more at the end of time', ftp.stor$('/up', 'x').pipe(tap({ finalize: again }))],
  ];
  return random.pick(choices);
}

async function* iterated({ ftp, random, consumers }: WorkTerms, path: string): AsyncGenerator<number> {
  for await (const chunk of ftp.retr$(path)) {
    if (random.chance(0.5)) await consumers.wait();
    if (random.chance(0.2)) return;
    yield chunk.length;
  }
}

async function* slowSource(consumers: Latches): AsyncGenerator<Buffer> {
  for (let part = 0; part < 3; part += 1) {
    await consumers.wait();
    yield Buffer.alloc(10);
  }
}

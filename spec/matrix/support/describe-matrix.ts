/** The matrix of one link as a spec: golden runs first, then each fault at each of their events, many runs at once. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../support/random.js';
import { MemoryTree } from '../../support/scripted/memory-tree.js';
import { runs, summarize } from '../../support/trust.js';
import { shown } from './events.js';
import { faults } from './faults.js';
import { judge } from './judge.js';
import { LifeWatch } from './life.js';
import type { Link } from './link.js';
import { tlsOf } from './matrix-server.js';
import { files, type Operation } from './operation.js';
import { operations } from './operations.js';
import { isLeft, isUnheard, type Place } from './place.js';
import { inParallel } from './pool.js';
import { type Case, type Played, play, type Stage } from './run.js';
import { type SeatKind, seats } from './seats.js';
import { Table } from './table.js';
import { treeText } from './tree-text.js';

const atOnce = 32;
const seed = 20_261_130;
/** `npm run trust` plays all of them, `npm test` one in ten. */
const share = runs(1) / 10;
const tlsLinks: readonly Link[] = ['TLS 1.2', 'TLS 1.3'];
const unknownServer = '220 Some server';
/** `RXFTP_MATRIX=active` plays the operations that this matches by name, and no others. */
const slice = new RegExp(process.env.RXFTP_MATRIX ?? '');
const untouched = treeText(new MemoryTree(files));

interface Golden {
  readonly operation: Operation;
  readonly seat: SeatKind;
  readonly played: Played;
}

interface Planned {
  readonly golden: Golden;
  readonly place: Place;
}

export function describeMatrix(link: Link): void {
  describe(`the fault matrix over ${link}`, () => {
    const watch = new LifeWatch();
    let stage: Stage;
    const goldens: Golden[] = [];
    const start = (golden: Pick<Golden, 'operation' | 'seat'>): Case => ({ ...golden, link, greeting: unknownServer });
    beforeAll(async () => {
      watch.start();
      stage = { watch, tls: await tlsOf(link) };
    });
    afterAll(() => watch.stop());

    it('each operation has one golden run', async () => {
      expect(operations.filter(({ name }) => slice.test(name))).not.toEqual([]);
      const all = operations
        .filter((operation) => isPlayedOver(link, operation))
        .flatMap((operation) => (operation.seats ?? seats).map((seat) => ({ operation, seat })));
      await inParallel(all, 16, async (one) => {
        const [played, again] = [await play(start(one), stage), await play(start(one), stage)];
        expect(eventsOf(again), one.operation.name).toEqual(eventsOf(played));
        expect(played, one.operation.name).toMatchObject({ faults: [], sessions: 1, closed: false });
        expect(played.outcome, one.operation.name).toHaveProperty('value');
        expect(
          played.probes.every(({ right }) => right),
          one.operation.name,
        ).toBe(true);
        goldens.push({ ...one, played });
      });
      goldens.sort((one, other) => nameOf(one).localeCompare(nameOf(other)));
    }, 60_000);

    it('with a fault at any event gives the right result or the expected error, in time, and leaves nothing', async () => {
      const planned = sample(goldens.flatMap((golden) => plan(golden, link)).filter(isPlayed));
      const table = new Table(
        faults.map(({ name }) => name),
        [...new Set(operations.map(({ group }) => group))],
      );
      const wrong: string[] = [];
      const started = performance.now();
      await inParallel(planned, atOnce, async ({ golden, place }) => {
        const { fault, event } = place;
        const played = await play({ ...start(golden), strike: { fault, at: event.at } }, stage);
        const verdict = judge(place, played, golden.played, untouched);
        const what = verdict.tag === 'left' ? 'left' : 'error' in played.outcome ? 'error' : 'value';
        table.count(fault.name, golden.operation.group, what, verdict.wrong.length > 0);
        if (verdict.wrong.length > 0)
          wrong.push(
            `${nameOf(golden)}, ${link}, ${fault.name}, ${shown(event)}: ${verdict.wrong.join('; ')}\n${played.dialogue}`,
          );
      });
      const seconds = ((performance.now() - started) / 1000).toFixed(0);
      summarize(
        `the fault matrix over ${link}: ${planned.length} runs in ${seconds} s, ${wrong.length} wrong\n${table}`,
      );
      expect(wrong.sort((one, other) => one.length - other.length)).toEqual([]);
    }, 900_000);
  });
}

function plan(golden: Golden, link: Link): Planned[] {
  const { operation, seat, played } = golden;
  return played.events.flatMap((event) =>
    faults
      .filter((fault) => fault.strikes(event) && !isAwaitedForEver({ operation, fault, event }))
      .map((fault): Planned => {
        const left = isLeft(operation, played.events, event.at);
        const unheard = isUnheard(operation, played.events, event.at);
        return { golden, place: { fault, event, operation, link, seat, isLeft: left, isUnheard: unheard } };
      }),
  );
}

const isPlayedOver = (link: Link, { name, links }: Operation): boolean =>
  slice.test(name) && (links?.includes(link) ?? true);

/** Each fault at each event is played to a client or to a session, in turn; likewise over one version of TLS, where that is enough. */
function isPlayed({ place: { fault, event, seat, operation, link } }: Planned): boolean {
  const by = operation.seats ?? seats;
  const turn = event.at + faults.indexOf(fault);
  if (by[turn % by.length] !== seat) return false;
  return operation.resembles !== true || link === 'plain' || link === tlsLinks[(turn >> 1) % tlsLinks.length];
}

/** An upload whose source gives nothing more waits for its source: no limit of time is about that. */
function isAwaitedForEver({ operation, fault, event }: Pick<Place, 'operation' | 'fault' | 'event'>): boolean {
  return operation.name.startsWith('stor$ left') && fault.data === 'silence' && event.role === 'accept';
}

/** Always the same ones, mixed: those that wait for a limit of time are spread among the others. */
function sample(all: Planned[]): Planned[] {
  const random = new Random(seed);
  const order = all.map((one) => ({ one, at: random.fraction() })).sort((one, other) => one.at - other.at);
  return order.slice(0, Math.ceil(all.length * share)).map(({ one }) => one);
}

const nameOf = ({ operation, seat }: Pick<Golden, 'operation' | 'seat'>): string => `${operation.name} of a ${seat}`;
const eventsOf = ({ events }: Played): string[] =>
  events.map((event) => shown(event).replace(/\|\d+\||\((\d+,){5}\d+\)/, 'a port'));

/**
 * The scripts of a transfer, told every event at every wait. `npm test` explores files and listings, both directions, clear
 * and TLS, all of them passive; and in clear text a file in active mode, one behind an odd reply, one with a NOOP, and an upload
 * whose user has left before its command. `npm run trust` adds active mode for all of these, NOOPs in the other kinds, more odd
 * replies, a server without PWD, one that shakes hands first, one whose listings come back, and one whose port is never asked for
 * early. Every rule of `invariants.ts` holds at every step, and from every state time alone leads to an end.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runs } from '../../support/trust.js';
import { drawing } from './drawing.js';
import { type Exploration, explore, name } from './explore.js';
import { type Setup, subject } from './model.js';
import { mutants } from './mutants.js';
import { listing, others, usual } from './setups.js';

const page = fileURLToPath(new URL('../../../docs/abort.md', import.meta.url));
const explored = new Map<Setup, Exploration>();

function explorationOf(setup: Setup): Exploration {
  const known = explored.get(setup) ?? explore(subject, setup);
  explored.set(setup, known);
  return known;
}

const setups = runs(1) === 1 ? usual : [...usual, ...others];

describe('a transfer, whatever happens', () => {
  it.each(setups.map((setup) => [name(setup), setup] as const))(
    'keeps all rules: %s',
    (title, setup) => {
      const started = performance.now();
      const { states, transitions, places, edges, faults } = explorationOf(setup);
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      console.log(
        `${title}: ${states} states at ${places.size} waits and ends, ${transitions} transitions, ${edges.size} edges, ${seconds} s`,
      );
      expect(faults).toEqual([]);
      expect(states).toBeGreaterThan(setup.hasLeft === true ? 0 : 10_000);
    },
    300_000,
  );
});

describe('the drawing in docs/abort.md', () => {
  it('shows what was explored', async () => {
    const drawn = drawing(usual.flatMap((setup) => [...explorationOf(setup).edges]));
    const text = await readFile(page, 'utf8');
    const shown = /```mermaid\n(?<drawing>.*?)\n```/s.exec(text)?.groups?.drawing;
    if (process.env.RXFTP_DRAW === '1')
      await writeFile(
        page,
        text.replace(shown ?? '', () => drawn),
      );
    else expect(shown, 'RXFTP_DRAW=1 npx vitest run spec/data/machine draws it again').toBe(drawn);
  }, 300_000);
});

describe('a script with one mistake', () => {
  it.each(Object.entries(mutants))(
    'that %s is found',
    (title, [mutant, setup = listing]) => {
      const [fault] = explore(mutant, setup, true).faults;
      console.log(`${title}: "${fault?.rule}" (${fault?.setup}) by ${fault?.steps}`);
      expect(fault).toBeDefined();
    },
    120_000,
  );
});

/**
 * A story of a script in words, its lines between `|`: every line is what happens in one turn, and behind the colon what is done
 * about it; the last line is how it ends, or what is waited for.
 */
import type { Facts } from '../../../lib/data/machine/facts.js';
import type { Act, Next, Terms } from '../../../lib/data/machine/script.js';
import { Model, reply, type Setup, type Step, subject, terms } from './model.js';

/** By what they tell. */
export type Stories = Readonly<Record<string, readonly [setup: Setup, story: string, known?: Partial<Terms>]>>;

export type Written = (facts: Facts, terms: Terms, act: Act) => Next;

const PLAIN = new Set<string>(
  'doubtful connected moved ended enough all-sent stalled held-too-long port-asked port-told cancel lost'.split(' '),
);

const errors: Readonly<Record<string, Step>> = {
  broken: { type: 'data-error', error: new Error('reset'), isAttack: false },
  attacked: { type: 'data-error', error: new Error('certificate'), isAttack: true },
  'source-failed': { type: 'source-error', error: new Error('source') },
  secured: { type: 'secured', at: 0 },
};

/** `150`, `200?` (odd), `decided-226`, `refuted-226` (the fence shows that it is not whole), or the type of an event. */
function stepOf(word: string): Step {
  const [, type = '', code = '', odd = ''] = /^(decided-|refuted-|)(\d{3})(\??)$/.exec(word) ?? [];
  if (type !== '') return { type: 'decided', final: reply(Number(code)), refused: type === 'refuted-' };
  if (code !== '') return { type: 'reply', reply: reply(Number(code)), isOdd: odd === '?' };
  const known = errors[word];
  if (known !== undefined) return known;
  if (!PLAIN.has(word)) throw new Error(`nothing is called ${word}`);
  return { type: word } as Step;
}

/** Tells the script what happens in each line; what comes back equals the story where the script does what it says. */
export function retell(script: Written, setup: Setup, story: string, known: Partial<Terms> = {}): string {
  const model = new Model({ ...subject, script: (facts, _, act) => script(facts, { ...terms, ...known }, act) }, setup);
  const told: string[] = [];
  let seen = 0;
  const tell = (what: string): void => {
    told.push(`${what}: ${model.done.slice(seen).join(' ')}`.trim());
    seen = model.done.length;
  };
  for (const line of linesOf(story).slice(0, -1)) {
    const [what = ''] = line.split(':');
    if (what === 'start') tell(what);
    else if (what.startsWith('no ')) tell(passTime(model));
    else {
      for (const word of what.split(' ')) model.take(stepOf(word));
      model.take({ type: 'turn' });
      tell(what);
    }
  }
  return [...told, `= ${model.place}`].join('\n');
}

/** The time of the wait passes: named after what did not come. */
function passTime(model: Model): string {
  const { place } = model;
  if (model.runner.wait?.ms === undefined) return `waits for ever for ${place}`;
  model.take({ type: 'time' });
  return `no ${place}`;
}

export function linesOf(story: string): string[] {
  return story.split('|').map((line) => line.trim());
}

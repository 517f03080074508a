/** The model of random programs: what it lets pass, and what it does not. */
import { describe, expect, it } from 'vitest';
import type { FtpClient } from '../../../lib/index.js';
import { judge } from './judge.js';
import { contentOf, type Directory, timeOf } from './places.js';
import type { Program } from './program.js';
import type { Run } from './run.js';
import { idOf, type Target, type Told } from './target.js';
import { type Found, spell } from './verb.js';

interface Ended {
  readonly verb: string;
  readonly where?: string;
  readonly end?: Run['end'];
  readonly shown?: string;
  /** The directories in which a file of the operation is gone. */
  readonly gone?: readonly Directory[];
  readonly told?: readonly Partial<Told>[];
  readonly leave?: 'at once' | 'at the first value';
}

const pwd = (shown: string): Ended => ({ verb: 'pwd$', shown });
const cwd = (where: string, more: Partial<Ended> = {}): Ended => ({ verb: 'cwd$', where, ...more });
const dele = (...gone: readonly Directory[]): Ended => ({ verb: 'dele$', gone });

/** The model's answer about operations with these ends. */
function judged(ended: readonly Ended[], { breaks = false } = {}): Promise<string | undefined> {
  const runs = ended.map(({ verb, where = '.', end = 'complete', shown = '', leave }, index): Run => {
    const operation = { verb, where, variant: 0 };
    const at = spell(operation, idOf(index), { base: '', exact: true });
    return { verb, at, end, shown, step: { do: 'start', operation, leave } };
  });
  const program: Program = { sessions: 2, pace: 0, steps: breaks ? [{ do: 'cut', nth: 0 }] : [] };
  return judge(program, runs, targetOf(ended));
}

function targetOf(ended: readonly Ended[]): Target {
  const at = (id: string): Ended | undefined => ended[Number(id.slice(1)) - 1];
  return {
    get client(): FtpClient {
      throw new Error('nobody runs anything here');
    },
    spell: (operation, id) => spell(operation, id, { base: '', exact: true }),
    cut: () => {},
    cutAt: () => {},
    settled: async () => {},
    async find(path): Promise<Found> {
      const [, folder = '', id = ''] = /^(.*)\/(o\d+)$/.exec(path) ?? [];
      const directory = (folder === '' ? '/' : folder) as Directory;
      if (id === '' || at(id)?.gone?.includes(directory) !== false) return undefined;
      return { text: contentOf(id, directory), modified: timeOf(id, directory) };
    },
    told: (id) =>
      at(id)?.told?.map((told) => ({
        ...{ verb: 'DELE', at: 1, answeredAt: 2, cut: false, directory: '/', type: 'I', facts: 'modify,size,type' },
        ...told,
      })),
    [Symbol.asyncDispose]: async () => {},
  };
}

describe('the model of programs', () => {
  it('knows the directory after each change, and where each operation works', async () => {
    expect(await judged([pwd('/'), cwd('a'), dele('/a'), cwd('b'), pwd('/a/b'), cwd('..'), pwd('/a')])).toBeUndefined();
    expect(await judged([cwd('a'), pwd('/')])).toMatch(/^o2 pwd\$\(\): it ended: complete\s+it showed '\/'/);
    expect(await judged([cwd('/b'), dele('/')])).toContain('its mark is in / (whole)');
    expect(await judged([cwd('/b'), dele()])).toContain('the model allows');
    expect(await judged([cwd('/b'), dele('/b', '/a')])).toContain('its mark is in /a (whole)');
  });

  it('knows what is refused', async () => {
    expect(await judged([cwd('missing', { end: 'refused' }), pwd('/')])).toBeUndefined();
    expect(await judged([cwd('missing')])).toContain('a refusal');
    expect(await judged([cwd('a', { end: 'refused' })])).toContain('completion');
  });

  it('lets a change that was left be made or not, and holds the client to either', async () => {
    const left = cwd('a', { end: 'left' });
    expect(await judged([left, dele('/')])).toBeUndefined();
    expect(await judged([left, dele('/a')])).toBeUndefined();
    expect(await judged([left, dele('/b')])).toContain('its mark is in /b');
    expect(await judged([left, dele('/a'), pwd('/a'), pwd('/')])).toMatch(/^o4/);
    expect(await judged([left, cwd('/b'), pwd('/b')])).toBeUndefined();
    expect(await judged([cwd('a', { end: 'unsent', leave: 'at once' }), pwd('/a')])).toMatch(/^o2/);
  });

  it('lets operations be lost only where something is broken', async () => {
    const lost = cwd('a', { end: 'lost' });
    expect(await judged([lost])).toContain('it has failed');
    expect(await judged([lost, pwd('/a')], { breaks: true })).toBeUndefined();
    expect(await judged([lost, pwd('/b')], { breaks: true })).toMatch(/^o2/);
    for (const end of ['odd', 'forgotten'] as const)
      expect(await judged([cwd('a', { end })], { breaks: true })).toMatch(/^o1/);
  });

  it('goes by what the server was told, where it can be known', async () => {
    const told = (at: number, directory: string): readonly Partial<Told>[] => [{ at, answeredAt: at + 5, directory }];
    const moved = { ...cwd('a'), told: told(10, '/') };
    expect(await judged([moved, { ...dele('/a'), told: told(16, '/a') }])).toBeUndefined();
    expect(await judged([moved, { ...dele('/a'), told: told(12, '/a') }])).toContain(
      "it was sent before o1 cwd$('a') was answered",
    );
    expect(await judged([{ ...dele('/'), told: told(1, '/a') }])).toContain('DELE acted in /a');
    expect(await judged([{ ...dele(), end: 'unsent', told: told(1, '/') }])).toContain('left at once, and it was sent');
  });
});

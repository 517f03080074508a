/** The work on a tree, shared among a few workers. */
import { describe, expect, it } from 'vitest';
import { SpareWorkers } from '../../../lib/recipes/tree/spare-workers.js';

/** A tree of names: each node is done behind what is below it. */
interface Node {
  readonly name: string;
  readonly below?: readonly Node[];
}

const many = (name: string, count: number, below?: readonly Node[]): Node[] =>
  Array.from({ length: count }, (_each, at) => ({ name: `${name}${at}`, ...(below === undefined ? {} : { below }) }));

/** Works at a tree, in turns of the microtask queue, and notes how many were at work at once. */
class Work {
  readonly workers: SpareWorkers;
  readonly done: string[] = [];
  readonly #fails: string | undefined;
  most = 0;
  #running = 0;

  constructor(count: number, fails?: string) {
    this.workers = new SpareWorkers(count);
    this.#fails = fails;
  }

  async at(node: Node, above = ''): Promise<boolean> {
    const path = above === '' ? node.name : `${above}/${node.name}`;
    if (node.below !== undefined && !(await this.workers.each(node.below, (each) => this.at(each, path)))) return false;
    this.#running += 1;
    this.most = Math.max(this.most, this.#running);
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
    this.#running -= 1;
    if (path === this.#fails) throw new Error(path);
    this.done.push(path);
    return true;
  }
}

const tree: Node = {
  name: 'r',
  below: [...many('f', 6), { name: 'c', below: [{ name: 'c', below: many('d', 5, many('f', 3)) }] }],
};

describe('spare workers', () => {
  it.each([
    [0, 1],
    [1, 2],
    [3, 4],
  ])('%d of them make %d at a time', async (count, most) => {
    const work = new Work(count);
    expect(await work.at(tree)).toBe(true);
    expect(work.most).toBe(most);
    expect(work.done).toHaveLength(29);
  });

  it('do a directory behind all that is below it', async () => {
    const work = new Work(3);
    await work.at(tree);
    for (const [at, path] of work.done.entries()) {
      expect(work.done.slice(at).filter((later) => later.startsWith(`${path}/`))).toEqual([]);
    }
  });

  it('tell what was not done of a directory alone', async () => {
    const workers = new SpareWorkers(3);
    expect(await workers.each([1, 2, 3, 4, 5], async (item) => item !== 2)).toBe(false);
    expect(await workers.each([1, 2, 3], async () => true)).toBe(true);
    expect(await workers.each([], async () => true)).toBe(true);
  });

  it.each([0, 3])('begin nothing more behind an error, and end with it (%d)', async (count) => {
    const work = new Work(count, 'r/c/c/d1/f0');
    await expect(work.at(tree)).rejects.toThrow('r/c/c/d1/f0');
    expect(work.done.filter((path) => path.startsWith('r/c/c/d4'))).toEqual([]);
    const before = work.done.length;
    await new Promise((resolve) => setImmediate(resolve));
    expect(work.done).toHaveLength(before);
  });
});

import { describe, expect, it, vi } from 'vitest';
import { readCommand } from '../../lib/testing/command-line.js';
import { CommandQueue } from '../../lib/testing/command-queue.js';

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A queue whose commands end when the test says so. */
function held() {
  const reader = { pause: vi.fn(), resume: vi.fn() };
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const queue = new CommandQueue(reader, ({ verb }) => {
    begun.push(verb);
    return new Promise((resolve) => ends.push(resolve));
  });
  const end = async (): Promise<void> => {
    ends.shift()?.();
    await nextTurn();
  };
  return { reader, begun, queue, end };
}

describe('the commands of a session', () => {
  it('are done one after the other, the first at once', async () => {
    const { queue, begun, end } = held();
    for (const line of ['PWD', 'NOOP', 'QUIT']) queue.push(readCommand(line));
    expect(begun).toEqual(['PWD']);
    expect(queue.find('QUIT')?.verb).toBe('QUIT');
    expect(queue.find('PWD')).toBeUndefined();
    await end();
    expect(begun).toEqual(['PWD', 'NOOP']);
    await end();
    await end();
    queue.push(readCommand('SYST'));
    expect(begun).toEqual(['PWD', 'NOOP', 'QUIT', 'SYST']);
  });

  it('are forgotten where they have not begun', async () => {
    const { queue, begun, end } = held();
    queue.push(readCommand('PWD'));
    queue.push(readCommand('NOOP'));
    queue.clear();
    await end();
    expect(begun).toEqual(['PWD']);
  });

  it('hold the connection while 1,000 wait', async () => {
    const { queue, reader, end } = held();
    for (let count = 0; count < 1000; count += 1) queue.push(readCommand('NOOP'));
    expect(reader.pause).not.toHaveBeenCalled();
    queue.push(readCommand('NOOP'));
    expect(reader.pause).toHaveBeenCalledTimes(1);
    reader.resume.mockClear();
    for (let count = 0; count < 999; count += 1) await end();
    expect(reader.resume).not.toHaveBeenCalled();
    await end();
    expect(reader.resume).toHaveBeenCalledTimes(1);
  });
});

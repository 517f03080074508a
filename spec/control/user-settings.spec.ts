import { describe, expect, it } from 'vitest';
import type { FinalReply } from '../../lib/control/request.js';
import { UserSettings } from '../../lib/control/user-settings.js';
import { WantedState } from '../../lib/control/user-state.js';
import { type Command, command, commandFromLine } from '../../lib/protocol/command.js';

const answer = (code: number): FinalReply => ({
  reply: { code, lines: ['said'], text: 'said', class: code === 250 ? 2 : 5 },
  outcome: code === 250 ? 'completion' : 'refusal',
});

/** Two sessions of one client, and what each was told. */
function two(): {
  first: UserSettings;
  second: UserSettings;
  told: string[];
  ask: (line: Command) => Promise<FinalReply>;
} {
  const wanted = new WantedState(true);
  const told: string[] = [];
  const ask = async (line: Command): Promise<FinalReply> => {
    told.push(line.line);
    return answer(line.line.endsWith('/no') ? 550 : 250);
  };
  return { first: new UserSettings(wanted), second: new UserSettings(wanted), told, ask };
}

const enter = (settings: UserSettings, directory: string): void =>
  settings.remember((state) => ({ ...state, directory: [command('CWD', directory)] }));

describe('what the user wants set', () => {
  it('is so on the session that has set it, and is brought to the other one', async () => {
    const { first, second, told, ask } = two();
    enter(first, '/a');
    first.note(commandFromLine('OPTS MLST size;'));
    expect([first.isApplied, second.isApplied]).toEqual([true, false]);
    await first.apply(ask);
    expect(told).toEqual([]);
    await second.apply(ask);
    expect(told).toEqual(['OPTS MLST size;', 'CWD /a']);
    expect(second.isApplied).toBe(true);
  });

  it('can be brought to a session as it was before a change', async () => {
    const { first, second, told, ask } = two();
    enter(first, '/a');
    const { current } = first.wanted;
    enter(first, '/b');
    await second.apply(ask, current);
    expect([told, second.isApplied]).toEqual([['CWD /a'], false]);
    await second.apply(ask);
    expect([told, second.isApplied]).toEqual([['CWD /a', 'CWD /b'], true]);
  });

  it('stays to be done when it is refused', async () => {
    const { first, second, ask } = two();
    enter(first, '/no');
    await expect(second.apply(ask)).rejects.toMatchObject({ command: 'CWD /no', reply: { code: 550 } });
    expect(second.isApplied).toBe(false);
  });

  it('of two sessions is never undone by either', async () => {
    const { first, second, told, ask } = two();
    enter(first, '/a');
    second.note(commandFromLine('OPTS MLST size;'));
    expect([first.isApplied, second.isApplied]).toEqual([false, false]);
    await first.apply(ask);
    await second.apply(ask);
    expect(told).toEqual(['OPTS MLST size;', 'CWD /a']);
  });
});

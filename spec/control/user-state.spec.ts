import { describe, expect, it } from 'vitest';
import { commandsToReach, INITIAL_USER_STATE, nextUserState, type UserState } from '../../lib/control/user-state.js';
import { commandFromLine } from '../../lib/protocol/command.js';

function stateAfter(...lines: readonly string[]): UserState {
  return lines.reduce((state, line) => nextUserState(state, commandFromLine(line)), INITIAL_USER_STATE);
}

const lines = (wanted: UserState, from: UserState): string[] => commandsToReach(wanted, from).map(({ line }) => line);

describe("the user's state", () => {
  it('is what his commands have set', () => {
    expect(stateAfter('TYPE a').type).toBe('A');
    expect(stateAfter('PROT c').protection).toBe('C');
    expect(stateAfter('OPTS mlst size;modify;', 'OPTS UTF8 ON').options).toEqual(
      new Map([
        ['MLST', 'size;modify;'],
        ['UTF8', 'ON'],
      ]),
    );
    expect(stateAfter('NOOP')).toBe(INITIAL_USER_STATE);
    expect(stateAfter('TYPE A', 'REIN')).toEqual(INITIAL_USER_STATE);
  });

  it('is reached by protection, options, then the directory, which may need them', () => {
    const wanted = { ...stateAfter('PROT P', 'OPTS UTF8 ON', 'TYPE A'), directory: '/ü' };
    expect(lines(wanted, INITIAL_USER_STATE)).toEqual(['PROT P', 'OPTS UTF8 ON', 'CWD /ü']);
  });

  it('needs nothing that is so already', () => {
    const wanted = { ...stateAfter('PROT P', 'OPTS UTF8 ON', 'OPTS MLST size;'), directory: '/a' };
    expect(lines(wanted, wanted)).toEqual([]);
    expect(lines(wanted, { ...wanted, directory: '/b' })).toEqual(['CWD /a']);
    expect(lines(wanted, nextUserState(wanted, commandFromLine('OPTS MLST type;')))).toEqual(['OPTS MLST size;']);
  });
});

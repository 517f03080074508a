import { describe, expect, it } from 'vitest';
import {
  changesUserState,
  commandsToReach,
  INITIAL_USER_STATE,
  nextUserState,
  outOfReach,
  pathMovedTo,
  type UserState,
  WantedState,
} from '../../lib/control/user-state.js';
import { FtpReplyError } from '../../lib/errors.js';
import { type Command, commandFromLine } from '../../lib/protocol/command.js';

function stateAfter(...lines: readonly string[]): UserState {
  return lines.reduce((state, line) => nextUserState(state, commandFromLine(line)), INITIAL_USER_STATE);
}

const way = (...there: readonly string[]): readonly Command[] => there.map(commandFromLine);
const lines = (wanted: UserState, from: UserState): string[] => commandsToReach(wanted, from).map(({ line }) => line);

describe("the user's state", () => {
  it('is what his commands have set', () => {
    expect(stateAfter('TYPE a').type).toBe('A');
    expect(stateAfter('MODE z').mode).toBe('Z');
    expect(changesUserState(commandFromLine('MODE S'))).toBe(true);
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
    const wanted = { ...stateAfter('PROT P', 'OPTS UTF8 ON', 'TYPE A', 'MODE Z'), directory: way('CWD /ü') };
    expect(lines(wanted, INITIAL_USER_STATE)).toEqual(['PROT P', 'OPTS UTF8 ON', 'CWD /ü']);
  });

  it('is reached by the rest of a way that was gone already, or by all of it from anywhere else', () => {
    const at = (...there: readonly string[]): UserState => ({ ...INITIAL_USER_STATE, directory: way(...there) });
    expect(lines(at('CWD /a', 'CWD b', 'CDUP'), at('CWD /a', 'CWD b'))).toEqual(['CDUP']);
    expect(lines(at('CWD a', 'CWD b'), INITIAL_USER_STATE)).toEqual(['CWD a', 'CWD b']);
    expect(lines(at('CWD /a', 'CWD b'), at('CWD /c'))).toEqual(['CWD /a', 'CWD b']);
    expect(lines(at('CWD a'), at('CWD a'))).toEqual([]);
  });

  it.each([
    ['CWD /a b', '/a b'],
    ['cwd  a', ' a'],
    ['XCWD ..', '..'],
    ['CWD', ''],
    ['CDUP', '..'],
    ['XCUP', '..'],
  ])('is changed by %j, which goes to %j', (line, path) => {
    expect(pathMovedTo(commandFromLine(line))).toBe(path);
    expect(changesUserState(commandFromLine(line))).toBe(true);
  });

  it.each([
    ['TYPE A', true],
    ['PROT P', true],
    ['OPTS UTF8 ON', true],
    ['PWD', false],
    ['SITE CWD /a', false],
    ['MKD /a', false],
  ])('is changed by %j, without going anywhere: %s', (line, changed) => {
    expect(pathMovedTo(commandFromLine(line))).toBeUndefined();
    expect(changesUserState(commandFromLine(line))).toBe(changed);
  });

  it('tells its holder whenever it is changed, and by which connection', () => {
    const told: [UserState, object][] = [];
    const connection = {};
    const wanted = new WantedState(true, (by) => told.push([wanted.current, by]));
    wanted.change(stateAfter('TYPE A'), connection);
    expect(told).toEqual([[stateAfter('TYPE A'), connection]]);
    expect(told[0]?.[1]).toBe(connection);
    expect(new WantedState(false).current).toBe(INITIAL_USER_STATE);
  });

  it('tells nobody of a command that sets nothing', () => {
    const told: object[] = [];
    const wanted = new WantedState(true, (by) => told.push(by));
    wanted.change(nextUserState(wanted.current, commandFromLine('PWD')), {});
    expect(told).toEqual([]);
  });

  it('is out of reach with what was refused, and says how to leave a directory that is gone', () => {
    const reply = { code: 550, lines: ['Gone.'], text: 'Gone.', class: 5 } as const;
    const error = outOfReach(commandFromLine('CWD /a'), reply);
    expect(error).toBeInstanceOf(FtpReplyError);
    expect(error).toMatchObject({ command: 'CWD /a', reply });
    expect(error.message).toMatch(/^CWD \/a was refused: 550 Gone\. .*cwd\$ with a path from \//);
    expect(outOfReach(commandFromLine('OPTS MLST size;'), reply).message).not.toContain('cwd$');
  });

  it('needs nothing that is so already', () => {
    const wanted = { ...stateAfter('PROT P', 'OPTS UTF8 ON', 'OPTS MLST size;'), directory: way('CWD /a') };
    expect(lines(wanted, wanted)).toEqual([]);
    expect(lines(wanted, { ...wanted, directory: way('CWD /b') })).toEqual(['CWD /a']);
    expect(lines(wanted, nextUserState(wanted, commandFromLine('OPTS MLST type;')))).toEqual(['OPTS MLST size;']);
  });
});

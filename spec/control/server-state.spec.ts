import { describe, expect, it } from 'vitest';
import { INITIAL_SERVER_STATE, nextServerState, type ServerState } from '../../lib/control/server-state.js';
import type { TlsLink } from '../../lib/net/tls-link.js';
import { commandFromLine } from '../../lib/protocol/command.js';
import { Features } from '../../lib/protocol/features.js';
import type { Reply } from '../../lib/protocol/reply.js';

const replyOf = (code: number): Reply => ({ code, lines: [''], text: '', class: Math.floor(code / 100) as 1 });

function answered(state: ServerState, line: string, reply: Reply): ServerState {
  return nextServerState(state, { type: 'answered', command: commandFromLine(line), reply });
}

function inDoubt(state: ServerState, line: string): ServerState {
  return nextServerState(state, { type: 'in doubt', command: commandFromLine(line) });
}

function stateAfter(...exchanges: readonly [line: string, code: number][]): ServerState {
  return exchanges.reduce((state, [line, code]) => answered(state, line, replyOf(code)), INITIAL_SERVER_STATE);
}

describe('what the server is set to', () => {
  it('follows TYPE and PROT, where they succeed', () => {
    expect(stateAfter(['TYPE I', 200]).type).toBe('I');
    expect(stateAfter(['type a n', 200]).type).toBe('A');
    expect(stateAfter(['TYPE I', 200], ['TYPE E', 504]).type).toBe('I');
    expect(stateAfter(['PROT P', 200]).protection).toBe('P');
    expect(stateAfter(['PROT P', 200], ['PROT C', 534]).protection).toBe('P');
  });

  it('follows MODE, where it succeeds, from S', () => {
    expect(INITIAL_SERVER_STATE.mode).toBe('S');
    expect(stateAfter(['MODE z', 200]).mode).toBe('Z');
    expect(stateAfter(['MODE Z', 200], ['MODE B', 504]).mode).toBe('Z');
    expect(stateAfter(['MODE Z', 200], ['REIN', 220]).mode).toBe('S');
    expect(inDoubt(stateAfter(['MODE Z', 200]), 'MODE S').mode).toBe('in doubt');
  });

  it('follows OPTS HASH, where it succeeds', () => {
    expect(stateAfter(['OPTS HASH SHA-256', 200]).hash).toBe('SHA-256');
    expect(stateAfter(['opts hash sha-1', 200], ['OPTS HASH MD5', 501]).hash).toBe('SHA-1');
    expect(stateAfter(['OPTS HASH MD5', 200], ['OPTS UTF8 ON', 200], ['OPTS HASH', 200]).hash).toBe('MD5');
    expect(inDoubt(stateAfter(['OPTS HASH MD5', 200]), 'OPTS HASH SHA-1').hash).toBe('in doubt');
    expect(inDoubt(stateAfter(['OPTS HASH MD5', 200]), 'OPTS UTF8 ON').hash).toBe('MD5');
  });

  it('may have a restart offset pending until a transfer has succeeded', () => {
    expect(stateAfter(['REST 5', 350]).restartPending).toBe('granted');
    // The refusal may be a stray reply, and the next transfer would be cut.
    expect(stateAfter(['REST 5', 450]).restartPending).toBe('in doubt');
    expect(stateAfter(['REST 5', 502], ['REST 0', 502]).restartPending).toBe(false);
    expect(stateAfter(['REST 5', 350], ['RETR a', 550]).restartPending).toBe('granted');
    expect(stateAfter(['REST 5', 350], ['NOOP', 200]).restartPending).toBe('granted');
    expect(stateAfter(['REST 5', 350], ['REST 0', 501]).restartPending).toBe('granted');
    expect(stateAfter(['REST 5', 350], ['REST 6', 501]).restartPending).toBe('granted');
    expect(stateAfter(['REST 5', 350], ['REST 0', 501], ['REST 0', 350]).restartPending).toBe(false);
    expect(stateAfter(['REST 5', 350], ['REST 0', 350]).restartPending).toBe(false);
    for (const verb of ['RETR', 'STOR', 'STOU', 'APPE', 'LIST', 'NLST', 'MLSD']) {
      expect(stateAfter(['REST 5', 350], [`${verb} a`, 226]).restartPending).toBe(false);
    }
  });

  it('has had a STOU as soon as that is sent', () => {
    const sent = (line: string): ServerState =>
      nextServerState(INITIAL_SERVER_STATE, { type: 'transfer sent', command: commandFromLine(line) });
    expect(sent('STOU').storedUnique).toBe(true);
    expect(sent('STOR STOU').storedUnique).toBe(false);
  });

  it('has had a syntax error only where the server says so', () => {
    const told = (code: number, text: string): boolean =>
      answered(INITIAL_SERVER_STATE, 'SIZE', { ...replyOf(code), text }).syntaxError;
    expect(told(500, "'SIZE': syntax error")).toBe(true);
    expect(told(500, "'XYZZY': command not recognized")).toBe(false);
    expect(told(550, 'syntax error: No such file or directory')).toBe(false);
  });

  it('is as at the beginning after REIN, but for what the server can do', () => {
    const ended = stateAfter(['TYPE I', 200], ['PROT P', 200], ['REST 5', 350], ['REIN', 220]);
    const { verbs, features } = stateAfter(['PROT P', 200]);
    expect(ended).toEqual({ ...INITIAL_SERVER_STATE, verbs, features, loggedOut: true });
  });

  it('is in doubt where no final reply came: TYPE, PROT and REST', () => {
    const set = stateAfter(['TYPE I', 200], ['PROT P', 200]);
    expect(inDoubt(set, 'TYPE A').type).toBe('in doubt');
    expect(inDoubt(set, 'PROT C').protection).toBe('in doubt');
    expect(inDoubt(set, 'REST 5').restartPending).toBe('in doubt');
    expect(inDoubt(stateAfter(['REST 5', 350]), 'REST 0').restartPending).toBe('granted');
    expect(inDoubt(set, 'NOOP')).toBe(set);
  });

  it.each([
    [
      'until PASS succeeds',
      [
        ['USER me', 331],
        ['PASS x', 230],
      ],
      [true, false],
    ],
    ['until USER succeeds, where no password is wanted', [['USER me', 230]], [false]],
    [
      'until ACCT succeeds',
      [
        ['USER me', 331],
        ['PASS x', 332],
        ['ACCT y', 230],
      ],
      [true, true, false],
    ],
    [
      'while logins are refused',
      [
        ['USER me', 331],
        ['PASS x', 530],
        ['NOOP', 200],
      ],
      [true, true, true],
    ],
  ] as const)('has nobody logged in after REIN %s', (_until, exchanges, expected) => {
    let state = stateAfter(['REIN', 220]);
    const seen = exchanges.map(([line, code]) => {
      state = answered(state, line, replyOf(code));
      return state.loggedOut;
    });
    expect(seen).toEqual(expected);
    expect(stateAfter(['USER me', 331], ['PASS x', 230], ['REIN', 502]).loggedOut).toBe(false);
  });

  it('has features and protection that REIN does not take back', () => {
    const tls = {} as TlsLink;
    const features = Features.of(['SIZE']);
    const named = nextServerState(INITIAL_SERVER_STATE, { type: 'features named', features });
    const secured = nextServerState(named, { type: 'secured', tls });
    expect(answered(secured, 'REIN', replyOf(220))).toEqual({
      ...INITIAL_SERVER_STATE,
      named: features,
      features,
      tls,
      loggedOut: true,
    });
  });
});

describe('what the server can do', () => {
  const named = (...features: readonly string[]): ServerState =>
    nextServerState(INITIAL_SERVER_STATE, { type: 'features named', features: Features.of(features) });
  const namesAfter = (state: ServerState, ...exchanges: readonly [line: string, code: number][]): readonly string[] =>
    exchanges.reduce((now, [line, code]) => answered(now, line, replyOf(code)), state).features.names;

  it.each([500, 502])('is without a verb that it called unknown by %i', (code) => {
    expect(namesAfter(named('SIZE', 'MDTM'), ['MDTM a', code])).toEqual(['SIZE']);
    expect(namesAfter(named('SIZE', 'XYZZY now'), ['XYZZY', code])).toEqual(['SIZE']);
  });

  it.each([450, 501, 504, 530, 550])('keeps a verb that it refused by %i', (code) => {
    expect(namesAfter(named('SIZE', 'MDTM'), ['MDTM a', code])).toEqual(['SIZE', 'MDTM']);
  });

  it.each([
    ['SIZE a', 213],
    ['mlst a', 250],
    ['RANG 1 2', 350],
  ])('is more than FEAT named, where %s was answered by %i', (line, code) => {
    expect(namesAfter(named('UTF8'), [line, code])).toEqual(['UTF8', line.split(' ')[0]?.toUpperCase()]);
  });

  it('does not grow by verbs of RFC 959, nor by verbs of nobody, nor by 202', () => {
    const state = named('UTF8');
    expect(namesAfter(state, ['DELE a', 250], ['XYZZY', 200], ['CLNT a', 202])).toEqual(['UTF8']);
    expect(answered(state, 'XYZZY', replyOf(500))).toBe(state);
    expect(answered(state, 'NOOP', replyOf(200))).toBe(state);
  });

  it('keeps a verb that has worked, whatever is said of it later; and has one again that works after all', () => {
    expect(namesAfter(named('SIZE'), ['SIZE a', 213], ['SIZE b', 500])).toEqual(['SIZE']);
    expect(namesAfter(named('SIZE'), ['SIZE b', 500], ['SIZE a', 213])).toEqual(['SIZE']);
    expect(namesAfter(INITIAL_SERVER_STATE, ['SIZE a', 213], ['SIZE b', 500])).toEqual(['SIZE']);
  });

  it('is the same object while nothing is learned', () => {
    const once = answered(named('SIZE'), 'SIZE a', replyOf(213));
    expect(answered(once, 'SIZE b', replyOf(213))).toBe(once);
  });

  it('keeps what was named to itself: whether FEAT was answered can still be asked', () => {
    const state = answered(INITIAL_SERVER_STATE, 'SIZE a', replyOf(213));
    expect(state.features.has('SIZE')).toBe(true);
    expect(state.named).toBe(Features.none);
  });

  it('is corrected also where FEAT is answered later; but not by what came in clear text', () => {
    const before = answered(INITIAL_SERVER_STATE, 'MDTM a', replyOf(500));
    const features = Features.of(['SIZE', 'MDTM']);
    expect(nextServerState(before, { type: 'features named', features }).features.names).toEqual(['SIZE']);
    const secured = nextServerState(before, { type: 'secured', tls: {} as TlsLink });
    expect(nextServerState(secured, { type: 'features named', features }).features.names).toEqual(['SIZE', 'MDTM']);
  });
});

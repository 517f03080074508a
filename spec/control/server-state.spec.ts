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

  it('is as at the beginning after REIN', () => {
    expect(stateAfter(['TYPE I', 200], ['PROT P', 200], ['REST 5', 350], ['REIN', 220])).toEqual(INITIAL_SERVER_STATE);
  });

  it('is in doubt where no final reply came: TYPE, PROT and REST', () => {
    const set = stateAfter(['TYPE I', 200], ['PROT P', 200]);
    expect(inDoubt(set, 'TYPE A').type).toBe('in doubt');
    expect(inDoubt(set, 'PROT C').protection).toBe('in doubt');
    expect(inDoubt(set, 'REST 5').restartPending).toBe('in doubt');
    expect(inDoubt(stateAfter(['REST 5', 350]), 'REST 0').restartPending).toBe('granted');
    expect(inDoubt(set, 'NOOP')).toBe(set);
  });

  it('has features and protection that REIN does not take back', () => {
    const tls = {} as TlsLink;
    const features = Features.of(['SIZE']);
    const named = nextServerState(INITIAL_SERVER_STATE, { type: 'features named', features });
    const secured = nextServerState(named, { type: 'secured', tls });
    expect(answered(secured, 'REIN', replyOf(220))).toEqual({ ...INITIAL_SERVER_STATE, features, tls });
  });
});

import { describe, expect, it } from 'vitest';
import { CommandBreak } from '../../lib/testing/command-break.js';
import type { Break } from '../../lib/testing/faults.js';

function started() {
  const hit: Break[] = [];
  return { hit, commandBreak: new CommandBreak({ breakOff: (how) => hit.push(how) }) };
}

const breakOf = (how: Break['how'], on: Break['on']): Break => ({ how, on, afterBytes: 0 });

describe('the fault of a command', () => {
  it.each([
    breakOf('cut', 'data'),
    breakOf('truncate', 'data'),
    breakOf('stall', 'data'),
    breakOf('reset', 'control'),
  ])('waits for the transfer: %j', (fault) => {
    const { hit, commandBreak } = started();
    commandBreak.begin('RETR', fault);
    expect(hit).toEqual([]);
    expect(commandBreak.take()).toBe(fault);
    expect(commandBreak.take()).toBeUndefined();
    commandBreak.beforeReply();
    expect(hit).toEqual([]);
  });

  it.each([
    ['PWD', breakOf('cut', 'control')],
    ['PWD', breakOf('stall', 'control')],
    ['RETR', breakOf('stall', 'control')],
  ] as const)('of %s hits the reply at once: %j', (verb, fault) => {
    const { hit, commandBreak } = started();
    commandBreak.begin(verb, fault);
    expect(hit).toEqual([fault]);
    expect(commandBreak.take()).toBeUndefined();
  });

  it('hits the reply where no transfer has taken it, if it is of the control connection', () => {
    for (const on of ['control', 'data'] as const) {
      const { hit, commandBreak } = started();
      commandBreak.begin('RETR', breakOf('cut', on));
      commandBreak.beforeReply();
      expect(hit).toHaveLength(on === 'control' ? 1 : 0);
    }
  });

  it('is used up by the end of the command, and by the next one', () => {
    for (const end of [(each: CommandBreak) => each.end(), (each: CommandBreak) => each.begin('RETR', undefined)]) {
      const { hit, commandBreak } = started();
      commandBreak.begin('RETR', breakOf('cut', 'control'));
      end(commandBreak);
      commandBreak.beforeReply();
      expect([hit, commandBreak.take()]).toEqual([[], undefined]);
    }
  });
});

/** Every operation of the interface is in the matrix: a new one cannot be forgotten there. */
import { EMPTY, type Observable, Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { FtpCommands } from '../../lib/client/ftp-commands.js';
import type { FtpOperations } from '../../lib/index.js';
import { operations } from './support/operations.js';

/** The methods that give an Observable; the live streams are getters. */
function operationsOf(prototype: object): string[] {
  return Object.entries(Object.getOwnPropertyDescriptors(prototype))
    .filter(([name, { value }]) => name.endsWith('$') && typeof value === 'function')
    .map(([name]) => name)
    .sort();
}

/** Asks nothing of a server, and notes what is called. */
function recorder(called: Set<string>): FtpOperations {
  const operation = (name: string): (() => Observable<never>) => {
    return () => {
      called.add(name);
      return EMPTY;
    };
  };
  return new Proxy({}, { get: (_none, name) => operation(String(name)) }) as FtpOperations;
}

describe('the operations of the matrix', () => {
  it('are all of the interface', () => {
    const called = new Set<string>();
    for (const { run } of operations) run(recorder(called), { taken$: new Subject() });
    expect([...called].sort()).toEqual(operationsOf(FtpCommands.prototype));
  });

  it('have each a name of its own', () => {
    const names = operations.map(({ name }) => name);
    expect([...new Set(names)]).toEqual(names);
  });

  it('are found by what they call', () => {
    const called = new Set<string>();
    operations[0]?.run(recorder(called), { taken$: new Subject() });
    expect([...called]).toEqual(['pwd$']);
  });
});
